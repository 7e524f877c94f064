"""What the service gets from its environment."""

from functools import lru_cache

from pydantic import SecretStr, field_validator
from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    """`DATABASE_URL` (sqlite:///file) and `JWT_SECRET`, with which tokens are keyed."""

    database_url: str
    jwt_secret: SecretStr
    session_hours: int = 12
    verification_hours: int = 24
    login_failures: int = 8
    login_window_minutes: int = 15

    @field_validator("database_url")
    @classmethod
    def _is_sqlite(cls, value: str) -> str:
        if not value.startswith("sqlite:///"):
            raise ValueError("DATABASE_URL must begin with sqlite:///")
        return value

    @field_validator("jwt_secret")
    @classmethod
    def _is_long(cls, value: SecretStr) -> SecretStr:
        if len(value.get_secret_value()) < 16:
            raise ValueError("JWT_SECRET must have at least 16 characters")
        return value

    @property
    def database_file(self) -> str:
        """The path of the SQLite file."""
        return self.database_url.removeprefix("sqlite:///")


@lru_cache
def get_settings() -> Settings:
    """Read the environment once."""
    return Settings()
