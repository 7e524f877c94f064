"""The paired test and its interval, against scipy, published figures and the definition of the likelihood."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, stats

from assistant.experiment.statistics import Paired, even_shares, mcnemar
from assistant.experiment.statistics.paired import score_bounds, sign_test

NAMES = st.sampled_from([f"case-{number}" for number in range(30)])
SHARES = st.dictionaries(NAMES, st.integers(0, 4).map(lambda passed: passed / 4))


def compared(better: int, worse: int, cases: int, level: float = 0.95) -> Paired:
    """A comparison of one sample a case, with so many that rose and fell."""
    before = {str(case): float(case < worse) for case in range(cases)}
    after = {str(case): float(worse <= case < worse + better) for case in range(cases)}
    return mcnemar(before, after, level)


# mcnemar(table, exact=True) of statsmodels 0.15.0.
MCNEMAR = [
    (1, 5, 0.21875), (0, 6, 0.03125), (3, 3, 1.0), (2, 9, 0.0654296875), (10, 25, 0.016673847800120715),
    (40, 20, 0.01348929373119186), (0, 1, 1.0), (7, 0, 0.015625),
]  # fmt: skip


@pytest.mark.parametrize(("better", "worse", "p"), MCNEMAR)
def test_the_test_is_statsmodels_exact_mcnemar(better: int, worse: int, p: float) -> None:
    assert compared(better, worse, better + worse + 20).p == pytest.approx(p, rel=1e-12)


@given(st.integers(0, 300), st.integers(0, 300))
def test_the_test_is_scipys_binomial_test(better: int, worse: int) -> None:
    theirs = stats.binomtest(better, better + worse).pvalue if better + worse else 1.0
    assert sign_test(better, worse) == pytest.approx(theirs, rel=1e-9)


@given(SHARES, SHARES)
def test_a_comparison_is_of_the_cases_that_both_have(before: dict[str, float], after: dict[str, float]) -> None:
    found = mcnemar(before, after)
    both = before.keys() & after.keys()
    assert found.cases == len(both)
    assert found.better == sum(after[name] > before[name] for name in both)
    assert found.worse == sum(after[name] < before[name] for name in both)
    if both:
        assert found.difference == pytest.approx(np.mean([after[name] - before[name] for name in both]))
        assert -1 <= found.low <= found.difference + 1e-12
        assert found.difference - 1e-12 <= found.high <= 1
    else:
        assert (found.difference, found.low, found.high, found.p) == (None, -1.0, 1.0, 1.0)


@given(SHARES, SHARES)
def test_the_other_way_round_it_is_mirrored(before: dict[str, float], after: dict[str, float]) -> None:
    there, back = mcnemar(before, after), mcnemar(after, before)
    assert (there.better, there.worse, there.p) == (back.worse, back.better, back.p)
    assert (there.low, there.high) == pytest.approx((-back.high, -back.low))


def test_shares_that_differ_by_rounding_alone_are_equal() -> None:
    assert mcnemar({"a": 0.1 + 0.2}, {"a": 0.3}).better == 0
    assert mcnemar({"a": 0.1 + 0.2}, {"a": 0.3}).worse == 0


def test_the_interval_is_as_published() -> None:
    """Airway hyper-responsiveness of 21 children, in Fagerland, Lydersen and Laake (2014): -0.517 to -0.026.

    And what scoreci.mp(25, 28, 618) of R's PropCIs gives at 90 %.
    """
    found = compared(1, 7, 21)
    assert (round(found.low, 3), round(found.high, 3)) == (-0.517, -0.026)
    found = compared(28, 25, 618, level=0.9)
    assert (round(found.low, 4), round(found.high, 4)) == (-0.0148, 0.0247)


@pytest.mark.parametrize(
    ("better", "worse", "cases"), [(0, 3, 24), (1, 5, 20), (4, 4, 16), (9, 2, 30), (0, 0, 12), (0, 8, 8)]
)
def test_the_interval_inverts_the_score_test(better: int, worse: int, cases: int) -> None:
    """At its ends, the distance in standard errors is z, with the likelihood maximised numerically."""
    z = stats.norm.ppf(0.975)
    for end in score_bounds(better, worse, cases, z):
        if abs(end) == 1:
            continue

        def unlikely(falling: float, end: float = end) -> float:
            parts = ((better, falling + end), (worse, falling), (cases - better - worse, 1 - 2 * falling - end))
            return -sum(count * math.log(max(chance, 1e-300)) for count, chance in parts if count)

        best = optimize.minimize_scalar(
            unlikely, bounds=(max(0.0, -end), (1 - end) / 2), method="bounded", options={"xatol": 1e-12}
        )
        spread = math.sqrt((2 * best.x + end - end**2) / cases)
        assert abs((better - worse) / cases - end) / spread == pytest.approx(z, rel=1e-4)


@pytest.mark.parametrize("cases", [8, 12, 24, 48])
def test_how_often_the_interval_covers_is_as_told(cases: int) -> None:
    """The figures of its docstring, enumerated over all outcomes."""
    outcomes = [(better, worse) for better in range(cases + 1) for worse in range(cases + 1 - better)]
    z = stats.norm.ppf(0.975)
    ends = np.array([score_bounds(better, worse, cases, z) for better, worse in outcomes])
    counts = np.array([(better, worse, cases - better - worse) for better, worse in outcomes])
    for rising in (0.0, 0.02, 0.05, 0.1, 0.2, 0.3):
        for falling in (0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5):
            chances = stats.multinomial.pmf(counts, cases, [rising, falling, 1 - rising - falling])
            low = ends[:, 0] <= rising - falling + 1e-12
            high = ends[:, 1] >= rising - falling - 1e-12
            assert chances[low & high].sum() >= 0.937
            assert chances[~low].sum() <= 0.045


def test_even_shares_take_as_many_samples_of_both_sides() -> None:
    before = {"a": [True], "b": [True, False, False], "c": [True], "d": [], "f": [True, False]}
    after = {"a": [False, True, True], "b": [False, True, True], "d": [True], "e": [True], "f": [True]}
    assert even_shares(before, after) == ({"a": 1.0, "b": 1 / 3, "f": 1.0}, {"a": 0.0, "b": 2 / 3, "f": 1.0})


@pytest.mark.parametrize("share", [-0.1, 1.1, math.nan])
def test_what_is_no_share_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="a share is between"):
        mcnemar({"a": share}, {"a": 0.5})
    with pytest.raises(ValueError, match="a level is between"):
        mcnemar({}, {}, level=95)
