from __future__ import annotations

from datetime import date, datetime, timezone
from zoneinfo import ZoneInfo


def utc_now() -> datetime:
    """Naive UTC, cut to the milliseconds that DATETIME(3) keeps."""
    return to_utc(datetime.now(timezone.utc))


def to_utc(value: datetime) -> datetime:
    value = value.astimezone(timezone.utc).replace(tzinfo=None)
    return value.replace(microsecond=value.microsecond // 1000 * 1000)


def parse_time(text: str) -> datetime:
    """An RFC 3339 time, which always has an offset."""
    return to_utc(datetime.fromisoformat(text))


def local_day(now: datetime, time_zone: str) -> date:
    return now.replace(tzinfo=timezone.utc).astimezone(ZoneInfo(time_zone)).date()
