"""Settings from the environment."""

from functools import cache
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings


class Config(BaseSettings):
    """`DATABASE_URL`, `JWT_SECRET`, and where files are kept."""

    database_url: str = Field(pattern=r"^postgres(ql)?://")
    jwt_secret: str = Field(min_length=16, repr=False)
    storage_dir: Path = Path("/tmp/files-service")  # noqa: S108 - made with mode 700, and its owner is checked


@cache
def config() -> Config:
    """Read once."""
    return Config()
