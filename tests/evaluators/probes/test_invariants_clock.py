"""A number that is the time of now is no amount."""

from __future__ import annotations

import time
from decimal import Decimal

from evaluators.probes.invariants_profile import is_clock


def test_the_time_of_now_is_told_from_amounts() -> None:
    now = Decimal(time.time())
    for value, wanted in ((now, True), (now - 3600, True), (now * 1000, True), (now - 10**7, False)):
        assert is_clock(value) is wanted
    for value in (0, 1, -5, 86400, 10**9, 10**12):
        assert not is_clock(Decimal(value))
