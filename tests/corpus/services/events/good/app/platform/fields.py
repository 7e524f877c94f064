"""Types of fields that several features use, and cursors."""

import base64
import binascii
import re
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Query
from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from app.platform.problems import Unprocessable

PRINTABLE = r"^[^\s\x00-\x1f\x7f](?:[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f])?$"
RFC_3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)", re.ASCII)

Id = Annotated[str, StringConstraints(min_length=26, max_length=26, pattern=r"^[0-9A-Za-z]{26}$")]
Line = Annotated[str, StringConstraints(min_length=1, max_length=150, pattern=PRINTABLE)]
Cents = Annotated[int, Field(strict=True, ge=0, le=10_000_000)]


def _written(value: object) -> object:
    """Only RFC 3339: neither numbers nor looser forms."""
    if isinstance(value, datetime) or (isinstance(value, str) and RFC_3339.fullmatch(value)):
        return value
    raise ValueError("not a date and time as RFC 3339 writes it")


def _this_century(value: datetime) -> datetime:
    """Nearer to year 1 or 9999 a time zone could move it out of what can be computed."""
    if not 2000 <= value.year <= 2100:
        raise ValueError("not between the years 2000 and 2100")
    return value.astimezone(UTC)


Moment = Annotated[AwareDatetime, BeforeValidator(_written), AfterValidator(_this_century)]


class Input(BaseModel):
    """A request; fields without a name here are refused."""

    model_config = ConfigDict(extra="forbid")


class Output(BaseModel):
    """An answer, made from a row."""

    model_config = ConfigDict(from_attributes=True)


Limit = Annotated[int, Query(ge=1, le=50)]
CursorText = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[A-Za-z0-9_-]+$")]
Cursor = Annotated[CursorText | None, Query(description="`next_cursor` of the page before.")]


def to_cursor(*parts: str) -> str:
    """An opaque text for the place after a row."""
    return base64.urlsafe_b64encode("|".join(parts).encode()).decode().rstrip("=")


def from_cursor(cursor: str, count: int) -> list[str]:
    """The parts of a cursor. Raises 422."""
    try:
        parts = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii").split("|")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise Unprocessable("The cursor is not valid") from error
    if len(parts) != count or not re.fullmatch(r"[0-9A-Za-z]{26}", parts[-1]):
        raise Unprocessable("The cursor is not valid")
    return parts
