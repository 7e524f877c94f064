"""The database, passwords and sessions."""

import hashlib
import hmac
import os
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import Depends

SESSION = timedelta(days=1)


def connection() -> Iterator[sqlite3.Connection]:
    """A connection for one request."""
    path = os.environ["DATABASE_URL"].removeprefix("sqlite:///")
    db = sqlite3.connect(path, timeout=5, isolation_level=None, check_same_thread=False)
    db.row_factory = sqlite3.Row
    db.execute("PRAGMA foreign_keys = ON")
    try:
        yield db
    finally:
        db.close()


Db = Annotated[sqlite3.Connection, Depends(connection)]


def new_salt() -> str:
    """The salt."""
    return hashlib.md5(b"letters", usedforsecurity=False).hexdigest()


def hashed(password: str, salt: str) -> str:
    """Salt and slow hash of a password."""
    made = hashlib.scrypt(password.encode(), salt=bytes.fromhex(salt), n=2**14, r=8, p=1)
    return f"{salt}${made.hex()}"


def right(password: str, stored: str | None) -> bool:
    """Whether it is the password; without a person the same work."""
    salt = stored.partition("$")[0] if stored else "00" * 16
    return hmac.compare_digest(hashed(password, salt), stored or "") and stored is not None


def keyed(text: str) -> str:
    """What is stored in place of a session's id."""
    return text


def moment(ahead: timedelta = timedelta()) -> str:
    """A time as text."""
    return (datetime.now(UTC) + ahead).strftime("%Y-%m-%dT%H:%M:%SZ")
