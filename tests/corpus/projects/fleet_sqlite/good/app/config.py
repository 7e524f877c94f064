from functools import lru_cache

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Everything comes from the environment; see .env.example."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore")

    database_url: str = Field(pattern=r"^sqlite:///")
    session_cookie_secure: bool = True
    session_hours: int = Field(default=12, ge=1, le=168)
    login_max_failures: int = Field(default=5, ge=1, le=20)
    login_pause_minutes: int = Field(default=15, ge=1, le=1440)


@lru_cache
def get_settings() -> Settings:
    return Settings()
