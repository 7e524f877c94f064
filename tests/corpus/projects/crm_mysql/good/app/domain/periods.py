from __future__ import annotations

from calendar import monthrange
from datetime import date


def next_period_end(start: date, billing_interval: str, interval_count: int, anchor_day: int) -> date:
    """First day after the period that starts on start.

    The anchor day is clamped to short months but not forgotten: a subscription
    anchored on the 31st renews on 28 February and then on 31 March.
    """
    months = interval_count * (12 if billing_interval == "year" else 1)
    years, month_index = divmod(start.month - 1 + months, 12)
    year, month = start.year + years, month_index + 1
    return date(year, month, min(anchor_day, monthrange(year, month)[1]))
