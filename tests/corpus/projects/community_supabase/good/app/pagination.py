import base64
import binascii
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

import asyncpg
from fastapi import Depends, HTTPException, Query

# Where a listing starts when there is no cursor.
OLDEST = (datetime(1970, 1, 1, tzinfo=UTC), UUID(int=0))
NEWEST = (datetime(9999, 12, 31, tzinfo=UTC), UUID(int=2**128 - 1))

Key = tuple[datetime, UUID]


def encode_cursor(moment: datetime, identifier: UUID) -> str:
    raw = f"{moment.isoformat()}|{identifier}".encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode_cursor(cursor: str) -> Key:
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        moment, identifier = raw.split("|")
        key = (datetime.fromisoformat(moment), UUID(identifier))
    except (binascii.Error, UnicodeDecodeError, ValueError) as error:
        raise HTTPException(422, "The cursor is not one of ours.") from error
    if key[0].tzinfo is None:
        raise HTTPException(422, "The cursor is not one of ours.")
    return key


class Page:
    def __init__(
        self,
        limit: Annotated[int, Query(ge=1, le=100)] = 20,
        cursor: Annotated[
            str | None, Query(min_length=1, max_length=200, pattern=r"^[A-Za-z0-9_-]+$")
        ] = None,
    ) -> None:
        self.limit = limit
        self._after = decode_cursor(cursor) if cursor is not None else None

    @property
    def fetch(self) -> int:
        """One row more than asked tells whether there is a next page."""
        return self.limit + 1

    def after(self, start: Key) -> Key:
        return self._after or start

    def build(
        self,
        rows: Sequence[asyncpg.Record],
        item: Callable[[asyncpg.Record], Any],
        moment: str = "created_at",
        identifier: str = "id",
    ) -> dict[str, Any]:
        shown = rows[: self.limit]
        next_cursor = None
        if len(rows) > self.limit:
            next_cursor = encode_cursor(shown[-1][moment], shown[-1][identifier])
        return {"items": [item(row) for row in shown], "next_cursor": next_cursor}


PageParams = Annotated[Page, Depends()]
