"""What every rule uses."""

from datetime import UTC, datetime
from typing import TypeVar

from app.caller import Caller
from app.errors import ForbiddenError, NotFoundError

TIME_FORMAT = "%Y-%m-%dT%H:%M:%SZ"

T = TypeVar("T")


def found(row: T | None) -> T:
    """Give the row, or refuse."""
    if row is None:
        raise NotFoundError
    return row


def require_staff(caller: Caller) -> None:
    """Refuse everybody but staff."""
    if not caller.is_staff:
        raise ForbiddenError


def utc_text(moment: datetime) -> str:
    """Write a time as the database keeps it."""
    return moment.astimezone(UTC).strftime(TIME_FORMAT)


def now_text() -> str:
    """Write the present time as the database keeps it."""
    return utc_text(datetime.now(UTC))
