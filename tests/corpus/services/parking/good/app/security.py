"""API keys: their digests and whom they stand for."""

import hashlib
import re
import secrets

from app import clock, data
from app.database import Database
from app.errors import Unauthorized
from app.identity import Identity

KEY = re.compile(r"[\x21-\x7e]{1,200}")


def digest(key: str) -> str:
    """Return what the database stores of a key."""
    return hashlib.sha256(key.encode("ascii")).hexdigest()


def new_key() -> str:
    """Make a key of 256 random bits."""
    return "pk_" + secrets.token_urlsafe(32)


def authenticate(db: Database, key: str | None) -> Identity:
    """Find the user of a key, or refuse."""
    if key is None or KEY.fullmatch(key) is None:
        raise Unauthorized
    with db.read() as session:
        identity = data.key_owner(session, digest(key), clock.now())
    if identity is None:
        raise Unauthorized
    return identity
