from datetime import UTC, datetime
from uuid import uuid4

import pytest
from fastapi import HTTPException

from app.pagination import decode_cursor, encode_cursor


def test_a_cursor_survives_the_round_trip():
    key = (datetime(2026, 5, 4, 3, 2, 1, 123456, tzinfo=UTC), uuid4())
    cursor = encode_cursor(*key)
    assert decode_cursor(cursor) == key
    assert len(cursor) <= 200


@pytest.mark.parametrize("cursor", ["abc", "e30", "MjAyNi0wMS0wMXx4", "_"])
def test_a_foreign_cursor_is_refused(cursor):
    with pytest.raises(HTTPException) as refusal:
        decode_cursor(cursor)
    assert refusal.value.status_code == 422
