"""The database, one connection a request."""

import os
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Depends, HTTPException, Path


def connected() -> Iterator[sqlite3.Connection]:
    """A transaction that is undone where the request fails."""
    db = sqlite3.connect(os.environ["DATABASE_URL"].removeprefix("sqlite:///"), check_same_thread=False)
    db.row_factory = sqlite3.Row
    db.execute("PRAGMA foreign_keys = ON")
    db.execute("PRAGMA busy_timeout = 5000")
    try:
        yield db
        db.commit()
    except BaseException:
        db.rollback()
        raise
    finally:
        db.close()


Db = Annotated[sqlite3.Connection, Depends(connected, scope="function")]
Key = Annotated[int, Path(ge=1, le=2**31 - 1)]


def moment() -> str:
    """Now, as the rows hold it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def one(db: sqlite3.Connection, statement: str, *values: Any) -> dict[str, Any]:
    """The one row of a statement. Raises 404."""
    row = db.execute(statement, values).fetchone()
    if row is None:
        raise HTTPException(404, "There is no such thing.")
    return dict(row)


def rows(db: sqlite3.Connection, statement: str, *values: Any) -> list[dict[str, Any]]:
    """All rows of a statement."""
    return [dict(row) for row in db.execute(statement, values)]
