"""The one place that reads the environment."""

import os
from dataclasses import dataclass, field
from functools import lru_cache


@dataclass(frozen=True)
class Settings:
    """What the environment says; nothing of it is ever printed."""

    database_url: str = field(repr=False)
    jwt_secret: str = field(repr=False)


def _required(name: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise RuntimeError(f"The environment variable {name} is not set.")
    return value


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """Read the settings once."""
    return Settings(
        database_url=_required("DATABASE_URL"),
        jwt_secret=_required("JWT_SECRET"),
    )
