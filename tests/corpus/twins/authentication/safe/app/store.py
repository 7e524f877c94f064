"""The database, passwords and tokens."""

import hashlib
import hmac
import os
import secrets
import sqlite3
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Annotated

import jwt
from fastapi import Depends

ACCESS_SECONDS = 900
REFRESH = timedelta(days=14)


def secret() -> str:
    """The key of all signatures."""
    return os.environ["JWT_SECRET"]


def connection() -> Iterator[sqlite3.Connection]:
    """A connection for one request; what it did is kept if the request succeeds."""
    path = os.environ["DATABASE_URL"].removeprefix("sqlite:///")
    db = sqlite3.connect(path, timeout=5, isolation_level=None, check_same_thread=False)
    db.row_factory = sqlite3.Row
    db.execute("PRAGMA foreign_keys = ON")
    try:
        yield db
    finally:
        db.close()


Db = Annotated[sqlite3.Connection, Depends(connection)]


def hashed(password: str, salt: str) -> str:
    """The slow hash of a password."""
    return hashlib.scrypt(password.encode(), salt=bytes.fromhex(salt), n=2**14, r=8, p=1).hex()


def new_salt() -> str:
    """A salt."""
    return secrets.token_hex(16)


def right(password: str, user: sqlite3.Row | None) -> bool:
    """Whether it is the password; without a user the same work."""
    salt, stored = (user["password_salt"], user["password_hash"]) if user else ("00" * 16, "none")
    return hmac.compare_digest(hashed(password, salt), stored) and user is not None


def keyed(text: str) -> str:
    """What is stored in place of a token or an address."""
    return hmac.new(secret().encode(), text.encode(), hashlib.sha256).hexdigest()


def moment(ahead: timedelta = timedelta()) -> str:
    """A time as text."""
    return (datetime.now(UTC) + ahead).strftime("%Y-%m-%dT%H:%M:%SZ")


def access_token(user: sqlite3.Row) -> str:
    """A signed token of a quarter of an hour."""
    now = int(time.time())
    claims = {"sub": str(user["id"]), "ver": user["token_version"], "use": "access", "iat": now}
    return jwt.encode({**claims, "exp": now + ACCESS_SECONDS}, secret(), algorithm="HS256")


def refresh_token(db: sqlite3.Connection, user_id: int) -> str:
    """A token that is changed for another."""
    token = secrets.token_urlsafe(32)
    db.execute(
        "INSERT INTO refresh_tokens (token_key, user_id, expires_at) VALUES (?, ?, ?)",
        (keyed(token), user_id, moment(REFRESH)),
    )
    return token
