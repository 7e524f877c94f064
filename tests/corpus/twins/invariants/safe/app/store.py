"""The database, one connection a request, and who asks."""

import os
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Any

import jwt
from fastapi import Depends, Header, HTTPException, Path
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ConfigDict, Field, StringConstraints


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
Amount = Annotated[int, Field(strict=True, ge=1, le=1_000_000)]
Words = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[^\x00]+$")]
RequestKey = Annotated[
    str, Header(alias="Idempotency-Key", min_length=8, max_length=64, description="Sent again, it does nothing twice.")
]


class Body(BaseModel):
    """What is sent; nothing else may be."""

    model_config = ConfigDict(extra="forbid")


def caller(db: Db, given: Annotated[HTTPAuthorizationCredentials | None, Depends(HTTPBearer(auto_error=False))]) -> int:
    """The id of the user who asks. Raises 401."""
    try:
        claims = jwt.decode(given.credentials if given else "", os.environ["JWT_SECRET"], ["HS256"])
        found = db.execute("SELECT id FROM users WHERE id = ?", (int(claims["sub"]),)).fetchone()
    except (jwt.InvalidTokenError, KeyError, ValueError):
        found = None
    if found is None:
        raise HTTPException(401, "Say who you are.")
    return int(found["id"])


Me = Annotated[int, Depends(caller)]


def moment() -> str:
    """Now, as the rows hold it."""
    return utc(datetime.now(UTC))


def utc(given: datetime) -> str:
    """A moment in UTC, as the rows hold it."""
    return given.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def one(db: sqlite3.Connection, statement: str, *values: Any) -> dict[str, Any]:
    """The one row of a statement. Raises 404."""
    row = db.execute(statement, values).fetchone()
    if row is None:
        raise HTTPException(404, "There is no such thing.")
    return dict(row)


def writing(db: sqlite3.Connection) -> None:
    """Nobody else writes until this request is over."""
    db.execute("BEGIN IMMEDIATE")


GONE: dict[int | str, dict[str, Any]] = {404: {"description": "There is no such thing."}}
NOT_NOW: dict[int | str, dict[str, Any]] = {409: {"description": "Not in this state."}}
WHO: dict[int | str, dict[str, Any]] = {401: {"description": "Nobody is known."}}
EVERY = {**WHO, **GONE, **NOT_NOW}
