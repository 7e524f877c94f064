"""Settings from the environment."""

from functools import lru_cache

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings
from sqlalchemy.engine import URL, make_url


class Settings(BaseSettings):
    """`DATABASE_URL` and `JWT_SECRET`."""

    database_url: str = Field(pattern=r"^postgres(ql)?://")
    jwt_secret: SecretStr = Field(min_length=16)

    @property
    def database(self) -> URL:
        """The URL with its driver."""
        return make_url(self.database_url.replace("postgres://", "postgresql://", 1)).set(
            drivername="postgresql+asyncpg"
        )


@lru_cache
def settings() -> Settings:
    """Read once."""
    return Settings()
