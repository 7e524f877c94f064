from datetime import date
from decimal import Decimal

import pytest

from app.domain.invoicing import Line, calculate, spread
from app.domain.periods import next_period_end


@pytest.mark.parametrize(
    ("start", "interval", "count", "anchor", "end"),
    [
        (date(2025, 1, 31), "month", 1, 31, date(2025, 2, 28)),
        (date(2025, 2, 28), "month", 1, 31, date(2025, 3, 31)),
        (date(2025, 11, 15), "month", 3, 15, date(2026, 2, 15)),
        (date(2024, 2, 29), "year", 1, 29, date(2025, 2, 28)),
        (date(2027, 2, 28), "year", 1, 29, date(2028, 2, 29)),
    ],
)
def test_period_end(start, interval, count, anchor, end):
    assert next_period_end(start, interval, count, anchor) == end


def test_discount_is_spread_without_loss():
    assert spread(100, {"reduced": 1, "standard": 2}) == {"reduced": 33, "standard": 67}
    assert spread(0, {"standard": 0}) == {"standard": 0}


def test_tax_is_rounded_half_up_per_category_after_discount():
    lines = [Line(1000, "standard"), Line(1050, "standard"), Line(990, "reduced")]
    totals = calculate(lines, Decimal("10.00"), {"standard": Decimal("23.000"), "reduced": Decimal("13.500")})
    assert (totals.subtotal_minor, totals.discount_minor) == (3040, 304)
    assert [(t.category, t.taxable_minor, t.tax_minor) for t in totals.taxes] == [
        ("reduced", 891, 120),
        ("standard", 1845, 424),
    ]
    assert totals.total_minor == 3040 - 304 + 120 + 424
