"""Power and planning, against enumeration and simulation."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from assistant.experiment.statistics import cases_needed, chance_of_missing, more_cases
from assistant.experiment.statistics.paired import sign_test
from assistant.experiment.statistics.power import _critical


@cache
def p_value(better: int, worse: int) -> float:
    return float(stats.binomtest(better, better + worse).pvalue) if better + worse else 1.0


def enumerated(cases: int, drop: float, alpha: float, improving: float) -> float:
    """The chance of missing, over all outcomes of so many cases, with scipy's test."""
    found = 1.0
    for better in range(cases + 1):
        for worse in range(better + 1, cases + 1 - better):
            if p_value(better, worse) <= alpha:
                counts = (better, worse, cases - better - worse)
                found -= stats.multinomial.pmf(counts, cases, [improving, drop, 1 - improving - drop])
    return found


@pytest.mark.parametrize("cases", [0, 5, 6, 8, 13, 24])
@pytest.mark.parametrize(("drop", "improving"), [(0.2, 0.0), (0.3, 0.1), (0.5, 0.5), (1.0, 0.0), (0.05, 0.2)])
@pytest.mark.parametrize("alpha", [0.05, 0.05 / 13])
def test_the_chance_of_missing_is_enumerated(cases: int, drop: float, improving: float, alpha: float) -> None:
    found = chance_of_missing(cases, drop, alpha, improving)
    assert found == pytest.approx(enumerated(cases, drop, alpha, improving), abs=1e-9)


@pytest.mark.parametrize(
    ("cases", "drop", "improving"), [(24, 0.25, 0.0), (60, 0.15, 0.05), (200, 0.1, 0.05), (400, 0.05, 0.02)]
)
def test_the_chance_of_missing_is_simulated(cases: int, drop: float, improving: float) -> None:
    """Over 10,000 comparisons. The estimate of a chance has a standard error of at most 0.005; four are allowed."""
    draw = np.random.default_rng(4)
    outcomes = draw.multinomial(cases, [improving, drop, 1 - improving - drop], size=10_000)
    missed = [not (worse > better and p_value(better, worse) <= 0.05) for better, worse, _ in outcomes.tolist()]
    assert np.mean(missed) == pytest.approx(chance_of_missing(cases, drop, 0.05, improving), abs=0.02)


@pytest.mark.parametrize("alpha", [0.05, 0.0390625, 0.03125, 0.05 / 13, 0.9])
def test_what_is_critical_is_what_the_test_says(alpha: float) -> None:
    """Also where a p-value is alpha itself: 2 / 2 ** 6 is 0.03125."""
    for changed, needed in enumerate(_critical(alpha, 120)):
        for worse in range(changed // 2 + 1, changed + 1):
            assert (sign_test(changed - worse, worse) <= alpha) == (worse >= needed)


@pytest.mark.parametrize(
    ("drop", "improving", "alpha", "power"),
    [
        (0.1, 0.0, 0.05, 0.8),
        (0.3, 0.1, 0.05, 0.8),
        (0.3, 0.15, 0.05, 0.9),
        (0.2, 0.0, 0.05 / 13, 0.8),
        (0.7, 0.3, 0.05, 0.8),
    ],
)
def test_from_the_cases_needed_on_the_power_stays(drop: float, improving: float, alpha: float, power: float) -> None:
    needed = cases_needed(drop, alpha, power, improving, most=400)
    assert needed is not None
    powers = [1 - chance_of_missing(cases, drop, alpha, improving) for cases in range(401)]
    assert min(powers[needed:]) >= power > powers[needed - 1]


def test_the_power_is_a_saw_somewhere() -> None:
    """Otherwise the smallest number with the power would do: here it falls below it again."""
    powers = [1 - chance_of_missing(cases, 0.7, 0.05, 0.3) for cases in range(120)]
    first = next(cases for cases, power in enumerate(powers) if power >= 0.8)
    assert (first, cases_needed(0.7, 0.05, 0.8, 0.3)) == (49, 54)
    assert powers[53] < 0.8


def test_some_regressions_are_never_shown() -> None:
    assert cases_needed(0.0, 0.05) is None
    assert cases_needed(0.06, 0.05, improving=0.05) is None
    assert cases_needed(0.1, 0.05, most=77) is None
    assert cases_needed(0.1, 0.05, most=78) == 78
    assert chance_of_missing(24, 0.0, 0.05) == 1
    # Five cases cannot reach p <= 0.05 even if all of them fall; in a family of 13 it takes ten.
    assert chance_of_missing(5, 1.0, 0.05) == 1
    assert chance_of_missing(6, 1.0, 0.05) == 0
    assert cases_needed(1.0, 0.05 / 13) == 10


@settings(max_examples=30)
@given(st.integers(0, 12), st.integers(0, 12), st.integers(0, 30))
def test_more_cases_bring_the_power(better: int, worse: int, same: int) -> None:
    cases = better + worse + same
    more = more_cases(better, worse, cases, 0.05, most=1_000)
    assert more == more_cases(worse, better, cases, 0.05, most=1_000)
    if more is not None and better != worse:
        drop, improving = max(better, worse) / cases, min(better, worse) / cases
        assert more >= 1
        assert 1 - chance_of_missing(cases + more, drop, 0.05, improving) >= 0.8
    if more is None and abs(better - worse) > 0:
        drop, improving = max(better, worse) / cases, min(better, worse) / cases
        assert 1 - chance_of_missing(1_000, drop, 0.05, improving) < 0.8


def test_where_nothing_differs_it_is_the_number_for_a_stated_regression() -> None:
    assert more_cases(0, 0, 24, 0.05) == 78 - 24
    assert more_cases(0, 0, 24, 0.05, drop=0.2) == 39 - 24
    assert more_cases(0, 0, 100, 0.05) == 1
    assert more_cases(3, 3, 24, 0.05) is None


def test_impossible_plans_are_refused() -> None:
    with pytest.raises(ValueError, match="cannot change"):
        chance_of_missing(24, 0.7, 0.05, 0.4)
    with pytest.raises(ValueError, match="cannot change"):
        cases_needed(-0.1, 0.05)
    with pytest.raises(ValueError, match="alpha is between"):
        chance_of_missing(24, 0.1, 0.0)
    with pytest.raises(ValueError, match="no -1 cases"):
        chance_of_missing(-1, 0.1, 0.05)
    with pytest.raises(ValueError, match="a power is between"):
        cases_needed(0.1, 0.05, 1.0)
    with pytest.raises(ValueError, match="cannot differ"):
        more_cases(3, 3, 5, 0.05)
