from __future__ import annotations

import os
from dataclasses import dataclass


class ConfigurationError(RuntimeError):
    pass


def _required(name: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise ConfigurationError(f"The environment variable {name} is not set")
    return value


@dataclass(frozen=True)
class Settings:
    mysql_host: str
    mysql_port: int
    mysql_database: str
    mysql_user: str
    mysql_password: str
    mysql_ssl_ca: str | None
    mysql_pool_size: int
    jwt_issuer: str
    jwt_audience: str
    jwt_public_key: str
    log_level: str = "INFO"

    @classmethod
    def from_environment(cls) -> Settings:
        return cls(
            mysql_host=_required("MYSQL_HOST"),
            mysql_port=int(os.environ.get("MYSQL_PORT", "3306")),
            mysql_database=_required("MYSQL_DATABASE"),
            mysql_user=_required("MYSQL_USER"),
            mysql_password=_required("MYSQL_PASSWORD"),
            mysql_ssl_ca=os.environ.get("MYSQL_SSL_CA") or None,
            mysql_pool_size=int(os.environ.get("MYSQL_POOL_SIZE", "10")),
            jwt_issuer=_required("JWT_ISSUER"),
            jwt_audience=_required("JWT_AUDIENCE"),
            # A PEM in one line, as most secret stores give it.
            jwt_public_key=_required("JWT_PUBLIC_KEY").replace("\\n", "\n"),
            log_level=os.environ.get("LOG_LEVEL", "INFO"),
        )
