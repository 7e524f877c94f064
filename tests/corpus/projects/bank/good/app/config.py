"""Configuration, read from the environment in this one place."""

import os
from functools import lru_cache
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator


class Settings(BaseModel):
    """What the environment configures. The first two have no default."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    database_url: SecretStr = Field(min_length=1)
    jwt_secret: SecretStr = Field(min_length=1)
    db_pool_size: int = Field(default=10, ge=1, le=100)
    db_max_overflow: int = Field(default=5, ge=0, le=100)
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] = "INFO"
    worker_interval_seconds: int = Field(default=60, ge=1, le=3600)

    @field_validator("log_level", mode="before")
    @classmethod
    def upper_case(cls, value: object) -> object:
        """Accept the level in lower case too."""
        return value.upper() if isinstance(value, str) else value


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """Read the environment once, at the first use."""
    values = {
        name: os.environ[name.upper()]
        for name in Settings.model_fields
        if os.environ.get(name.upper())
    }
    return Settings.model_validate(values)
