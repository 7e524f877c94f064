"""Lists in pages: `limit` and an opaque `cursor`, which the answer's `next` gives."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated

from fastapi import HTTPException, Query
from pydantic import Field

DEFAULT, MOST = 50, 200

Limit = Annotated[int, Query(ge=1, le=MOST, description="At most so many items.")]
Cursor = Annotated[
    str | None,
    Query(
        min_length=1,
        max_length=120,
        pattern=r"^[A-Za-z0-9_-]+$",
        description="Where to go on: the `next` of the page before. Without it, the first page.",
    ),
]
Next = Annotated[
    str | None, Field(description="The next page's `cursor`; null where this one is the last.", max_length=120)
]


def cursor_of(kind: str, place: str | int) -> str:
    """The cursor for what comes behind a place of a list."""
    return base64.urlsafe_b64encode(f"{kind}:{place}".encode()).decode().rstrip("=")


def place_of(kind: str, cursor: str | None) -> str:
    """The place in a cursor of this list; empty without one. Raises HTTPException (422)."""
    if cursor is None:
        return ""
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
    except (binascii.Error, ValueError):
        text = ""
    if not text.startswith(f"{kind}:") or cursor_of(kind, text.removeprefix(f"{kind}:")) != cursor:
        raise HTTPException(422, "This cursor is not of this list.")
    return text.removeprefix(f"{kind}:")


def number_of(kind: str, cursor: str | None) -> int:
    """The same for places that are numbers; 0 without a cursor."""
    place = place_of(kind, cursor) or "0"
    if not place.isdigit() or len(place) > 18:
        raise HTTPException(422, "This cursor is not of this list.")
    return int(place)
