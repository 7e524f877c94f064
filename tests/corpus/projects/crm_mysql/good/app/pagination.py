"""Keyset pagination. The cursor is the sort key of the last row, made opaque."""

from __future__ import annotations

import base64
import binascii
import json
from datetime import datetime

from app.converters import MAX_ID
from app.errors import BadRequest


def encode_cursor(*values) -> str:
    plain = [v.isoformat() if isinstance(v, datetime) else v for v in values]
    raw = json.dumps(plain, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode_id(cursor: str | None) -> int | None:
    if cursor is None:
        return None
    values = _decode(cursor)
    if len(values) != 1 or not _is_id(values[0]):
        raise _bad_cursor()
    return values[0]


def decode_time_and_id(cursor: str | None) -> tuple[datetime, int] | None:
    if cursor is None:
        return None
    values = _decode(cursor)
    if len(values) != 2 or not isinstance(values[0], str) or not _is_id(values[1]):
        raise _bad_cursor()
    try:
        moment = datetime.fromisoformat(values[0])
    except ValueError as error:
        raise _bad_cursor() from error
    if moment.tzinfo is not None:
        raise _bad_cursor()
    return moment, values[1]


def page(rows: list[dict], limit: int, *keys: str) -> dict:
    """rows holds up to limit + 1 rows; the extra one says that there is a next page."""
    items = rows[:limit]
    more = len(rows) > limit
    return {"items": items, "next_cursor": encode_cursor(*(items[-1][k] for k in keys)) if more else None}


def _decode(cursor: str) -> list:
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error) as error:
        raise _bad_cursor() from error
    if not isinstance(values, list):
        raise _bad_cursor()
    return values


def _is_id(value) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MAX_ID


def _bad_cursor() -> BadRequest:
    return BadRequest(
        "One or more parameters are not valid.", [{"field": "cursor", "message": "Is not a cursor of this list."}]
    )
