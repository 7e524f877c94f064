"""The database, one connection a request."""

import os
import sqlite3
from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import Depends, HTTPException


def connected() -> Iterator[sqlite3.Connection]:
    """A transaction that is undone where the request fails."""
    path = os.environ["DATABASE_URL"].removeprefix("sqlite:///")
    db = sqlite3.connect(path, timeout=5, isolation_level=None, check_same_thread=False)
    db.row_factory = sqlite3.Row
    db.execute("PRAGMA foreign_keys = ON")
    try:
        yield db
        if db.in_transaction:
            db.commit()
    finally:
        db.close()


Db = Annotated[sqlite3.Connection, Depends(connected, scope="function")]


def one(db: sqlite3.Connection, statement: str, *values: Any) -> dict[str, Any]:
    """The row that a statement gives. Raises 404."""
    row = db.execute(statement, values).fetchone()
    if row is None:
        raise HTTPException(404, "There is no such thing.")
    return dict(row)
