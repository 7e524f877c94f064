"""Rules that need no database."""

from datetime import date

import pytest

from app.rules import card_expiry, first_due_on, month_after


@pytest.mark.parametrize(
    ("today", "day", "expected"),
    [
        (date(2025, 3, 10), 11, date(2025, 3, 11)),
        (date(2025, 3, 10), 10, date(2025, 4, 10)),
        (date(2025, 3, 10), 9, date(2025, 4, 9)),
        (date(2025, 12, 31), 28, date(2026, 1, 28)),
        (date(2025, 1, 31), 28, date(2025, 2, 28)),
    ],
)
def test_first_due_date_is_strictly_after_today(
    today: date, day: int, expected: date
) -> None:
    """Today itself is never due."""
    assert first_due_on(today, day) == expected


def test_month_after_crosses_the_year() -> None:
    """December is followed by January."""
    assert month_after(date(2025, 12, 5), 5) == date(2026, 1, 5)
    assert month_after(date(2025, 1, 28), 28) == date(2025, 2, 28)


def test_card_expires_at_the_end_of_the_month_in_four_years() -> None:
    """Also in February of a leap year."""
    assert card_expiry(date(2024, 2, 10)) == date(2028, 2, 29)
    assert card_expiry(date(2025, 12, 31)) == date(2029, 12, 31)
