"""Configuration: read from the environment, in this one place."""

import os
from dataclasses import dataclass, field
from functools import lru_cache

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

DRIVER = "postgresql+psycopg"
SCHEMES = frozenset({"postgres", "postgresql", DRIVER})


class ConfigurationError(RuntimeError):
    """The environment does not hold what the service needs."""


@dataclass(frozen=True)
class Settings:
    """What the service is told by whoever runs it."""

    database_url: URL = field(repr=False)
    jwt_secret: str = field(repr=False)


def _required(name: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        message = f"{name} is not set"
        raise ConfigurationError(message)
    return value


def read_settings() -> Settings:
    """Read the environment; no message repeats a value."""
    try:
        url = make_url(_required("DATABASE_URL"))
    except (ArgumentError, ValueError):
        message = "DATABASE_URL is not a URL"
        raise ConfigurationError(message) from None
    if url.drivername not in SCHEMES:
        message = "DATABASE_URL is not a PostgreSQL URL"
        raise ConfigurationError(message)
    return Settings(
        database_url=url.set(drivername=DRIVER),
        jwt_secret=_required("JWT_SECRET"),
    )


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """Return the settings, read on first use."""
    return read_settings()
