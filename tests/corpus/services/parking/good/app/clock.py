"""The clock: UTC in whole seconds, as the database stores it."""

from datetime import UTC, datetime

FORMAT = "%Y-%m-%dT%H:%M:%SZ"


def to_text(moment: datetime) -> str:
    """Write a moment as the database stores it."""
    return moment.astimezone(UTC).strftime(FORMAT)


def from_text(text: str) -> datetime:
    """Read a moment from the database."""
    return datetime.strptime(text, FORMAT).replace(tzinfo=UTC)


def now() -> str:
    """Return the present moment."""
    return to_text(datetime.now(UTC))
