"""Rules that need no database."""

import calendar
from datetime import UTC, date, datetime

MAX_BALANCE_MINOR = 1_000_000_000_000
CARD_YEARS = 4
DECEMBER = 12


def today_utc() -> date:
    """Give the date in UTC."""
    return datetime.now(UTC).date()


def month_after(day: date, day_of_month: int) -> date:
    """Give the date with this day in the month after."""
    if day.month == DECEMBER:
        return date(day.year + 1, 1, day_of_month)
    return date(day.year, day.month + 1, day_of_month)


def first_due_on(today: date, day_of_month: int) -> date:
    """Give the first date with this day strictly after today."""
    if day_of_month > today.day:
        return today.replace(day=day_of_month)
    return month_after(today, day_of_month)


def card_expiry(issued: date) -> date:
    """Give the last day of the month, four years after issue."""
    year = issued.year + CARD_YEARS
    return date(year, issued.month, calendar.monthrange(year, issued.month)[1])
