"""Settings, read from the environment in this one place."""

import os
from collections.abc import Mapping
from functools import lru_cache
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError


class Settings(BaseModel):
    """What the environment decides."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True
    )

    database_url: str = Field(min_length=1, max_length=4096)
    db_pool_size: int = Field(default=5, ge=1, le=100)
    db_pool_timeout_seconds: int = Field(default=5, ge=1, le=60)
    db_busy_timeout_ms: int = Field(default=5000, ge=1, le=60000)
    db_statement_timeout_ms: int = Field(default=5000, ge=1, le=60000)
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @field_validator("database_url")
    @classmethod
    def names_a_sqlite_file(cls, value: str) -> str:
        """Accept only the URL of a SQLite file."""
        try:
            url = make_url(value)
        except ArgumentError:
            raise ValueError("DATABASE_URL is not a database URL") from None
        if url.get_backend_name() != "sqlite":
            raise ValueError("DATABASE_URL must begin with sqlite:")
        if not url.database or url.database == ":memory:":
            raise ValueError("DATABASE_URL must name a file")
        return value


def load_settings(environment: Mapping[str, str]) -> Settings:
    """Build the settings; an empty variable counts as absent."""
    values = {
        name: environment[name.upper()]
        for name in Settings.model_fields
        if environment.get(name.upper())
    }
    return Settings.model_validate(values)


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """Return the settings of this process."""
    return load_settings(os.environ)
