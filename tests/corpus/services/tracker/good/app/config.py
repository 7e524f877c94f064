"""Configuration: everything that comes from the environment, and the limits."""

from typing import Final

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

POOL_SIZE: Final = 5
POOL_OVERFLOW: Final = 5
POOL_WAIT_SECONDS: Final = 5
CONNECT_SECONDS: Final = 5
STATEMENT_TIMEOUT_MS: Final = 5000
HEALTH_SECONDS: Final = 2
CLOSE_SECONDS: Final = 5
MAX_RERUNS: Final = 3
MAX_BODY_BYTES: Final = 131072
MAX_DRAINED_BYTES: Final = 8 * 1024 * 1024
MAX_BODY_DEPTH: Final = 32
MAX_TASK_LABELS: Final = 20
KEY_HOURS: Final = 24


class Settings(BaseSettings):
    """The required settings; neither has a default and neither is printed."""

    model_config = SettingsConfigDict(
        extra="ignore", frozen=True, hide_input_in_errors=True
    )

    database_url: SecretStr = Field(min_length=1)
    jwt_secret: SecretStr = Field(min_length=1)


def load_settings() -> Settings:
    """Read the settings from the environment."""
    return Settings.model_validate({})
