"""Configuration: the one place that reads the environment."""

from pydantic import SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

ACCEPTED_SCHEMES = frozenset({"postgres", "postgresql"})
DRIVER = "postgresql+psycopg"


class Settings(BaseSettings):
    """What the environment has to say. Nothing here has a default."""

    model_config = SettingsConfigDict(
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    database_url: SecretStr
    jwt_secret: SecretStr

    @field_validator("database_url")
    @classmethod
    def check_database_url(cls, value: SecretStr) -> SecretStr:
        """Refuse what is no PostgreSQL URL, without repeating it."""
        try:
            scheme = make_url(value.get_secret_value()).drivername
        except (ArgumentError, ValueError):
            raise ValueError("DATABASE_URL is not a database URL") from None
        if scheme not in ACCEPTED_SCHEMES:
            raise ValueError("DATABASE_URL needs the scheme postgresql://")
        return value

    @field_validator("jwt_secret")
    @classmethod
    def check_jwt_secret(cls, value: SecretStr) -> SecretStr:
        """Refuse an empty secret."""
        if not value.get_secret_value():
            raise ValueError("JWT_SECRET is empty")
        return value

    @property
    def sqlalchemy_url(self) -> URL:
        """The database's URL with the driver's name in its scheme."""
        url = make_url(self.database_url.get_secret_value())
        return url.set(drivername=DRIVER)
