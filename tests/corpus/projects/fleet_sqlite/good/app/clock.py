from datetime import UTC, date, datetime


def utc_now() -> datetime:
    """The present, to the second, which is the precision that the database keeps."""
    return datetime.now(UTC).replace(microsecond=0)


def today() -> date:
    return utc_now().date()
