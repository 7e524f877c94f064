"""What the environment says."""

import os
from dataclasses import dataclass
from functools import cache

TOKEN_SECONDS = 900
ATTEMPTS_PER_WINDOW = 10
WINDOW_SECONDS = 900
MAX_BODY_BYTES = 64 * 1024
MINIMUM_SECRET = 32


@dataclass(frozen=True)
class Settings:
    """The three values that the service is started with."""

    database_url: str
    jwt_secret: str


@cache
def settings() -> Settings:
    """Read them once; a missing or short one ends the start."""
    secret = os.environ["JWT_SECRET"]
    if len(secret) < MINIMUM_SECRET:
        raise RuntimeError(f"JWT_SECRET has fewer than {MINIMUM_SECRET} characters")
    return Settings(os.environ["DATABASE_URL"], secret)
