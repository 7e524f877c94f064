"""Configuration: everything that the environment decides, in one place."""

from functools import lru_cache
from typing import Annotated, Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """The settings; only the first two have no default."""

    model_config = SettingsConfigDict(
        extra="ignore",
        env_ignore_empty=True,
        hide_input_in_errors=True,
    )

    database_url: Annotated[SecretStr, Field(min_length=1)]
    jwt_secret: Annotated[SecretStr, Field(min_length=1)]

    db_pool_size: Annotated[int, Field(ge=1, le=100)] = 5
    db_max_overflow: Annotated[int, Field(ge=0, le=100)] = 5
    db_pool_timeout_seconds: Annotated[int, Field(ge=1, le=60)] = 3
    db_connect_timeout_seconds: Annotated[int, Field(ge=1, le=60)] = 3
    db_statement_timeout_ms: Annotated[int, Field(ge=100, le=60000)] = 5000
    db_lock_timeout_ms: Annotated[int, Field(ge=100, le=60000)] = 2000
    db_idle_transaction_timeout_ms: Annotated[int, Field(ge=100, le=60000)] = 10000
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """Read the environment once."""
    return Settings()
