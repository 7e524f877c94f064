"""The price of a stay, in integers."""

from collections.abc import Iterable
from datetime import UTC, datetime

from app.clock import from_text

MAX_AMOUNT_CENTS = 100_000_000
HOUR = 3600
DAY = 86400


def month_bounds(month: str) -> tuple[datetime, datetime]:
    """Return the first instants of a month and of the next one."""
    year, number = int(month[:4]), int(month[5:7])
    first = datetime(year, number, 1, tzinfo=UTC)
    if number == 12:
        return first, datetime(year + 1, 1, 1, tzinfo=UTC)
    return first, datetime(year, number + 1, 1, tzinfo=UTC)


def covered_seconds(
    started: datetime,
    ended: datetime,
    permits: Iterable[tuple[str, str | None]],
) -> int:
    """Count the seconds of a stay that permits cover; overlaps count once."""
    spans: list[tuple[datetime, datetime]] = []
    for month, revoked_at in permits:
        first, last = month_bounds(month)
        if revoked_at is not None:
            last = min(last, from_text(revoked_at))
        first, last = max(first, started), min(last, ended)
        if first < last:
            spans.append((first, last))
    total = 0
    reached = started
    for first, last in sorted(spans):
        begin = max(first, reached)
        if last > begin:
            total += int((last - begin).total_seconds())
            reached = last
    return total


def amount_due(
    seconds: int,
    rate_cents_per_hour: int,
    day_max_cents: int,
    free_minutes: int,
) -> int:
    """Price the chargeable seconds of a stay."""
    if seconds <= free_minutes * 60:
        return 0
    day = min(24 * rate_cents_per_hour, day_max_cents)
    days, rest = divmod(seconds, DAY)
    hours = -(-rest // HOUR)
    amount = days * day + min(hours * rate_cents_per_hour, day)
    return min(amount, MAX_AMOUNT_CENTS)
