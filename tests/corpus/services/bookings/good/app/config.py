"""Configuration, from the environment."""

from functools import lru_cache

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings


class Config(BaseSettings):
    """What the service is started with."""

    database_url: SecretStr
    jwt_secret: SecretStr = Field(min_length=32)


@lru_cache(maxsize=1)
def config() -> Config:
    """The configuration; a missing value ends the start."""
    return Config()  # type: ignore[call-arg]
