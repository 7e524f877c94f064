"""Connections and transactions."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import Depends

from app.settings import get_settings

BUSY_SECONDS = 5.0


def connect() -> Iterator[sqlite3.Connection]:
    """A connection of one request."""
    # FastAPI may run the two halves of this in different threads, one after the other.
    connection = sqlite3.connect(
        get_settings().database_file, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
    )
    try:
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA foreign_keys = ON")
        yield connection
    finally:
        connection.close()


Db = Annotated[sqlite3.Connection, Depends(connect)]


@contextmanager
def writing(db: sqlite3.Connection) -> Iterator[None]:
    """A transaction that holds the write lock from its first statement, so that what it reads stays true."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


def moment(after: timedelta = timedelta()) -> str:
    """Now, or some time after, as the database writes it."""
    return (datetime.now(UTC) + after).strftime("%Y-%m-%dT%H:%M:%SZ")
