"""Rates, pass@k and Holm's method, against scipy and against their definitions."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from assistant.experiment.statistics import Interval, discriminates, holm, pass_at_k, pass_hat_k, wilson

SHARES = st.lists(st.floats(0, 1), min_size=1, max_size=60)


@pytest.mark.parametrize("level", [0.8, 0.95, 0.99])
@pytest.mark.parametrize("cases", [1, 2, 8, 24, 100])
def test_wilson_is_scipys(cases: int, level: float) -> None:
    for passed in range(cases + 1):
        ours = wilson([1.0] * passed + [0.0] * (cases - passed), level)
        theirs = stats.binomtest(passed, cases).proportion_ci(level, "wilson")
        assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=1e-12)
        assert (ours.rate, ours.cases) == (passed / cases, cases)


@given(SHARES)
def test_the_interval_holds_the_rate(rates: list[float]) -> None:
    found = wilson(rates)
    assert found.rate is not None
    assert 0 <= found.low <= found.rate <= found.high <= 1
    assert wilson(rates, 0.99).low <= found.low
    assert wilson(rates * 4).high - wilson(rates * 4).low < found.high - found.low


def test_nothing_is_known_without_cases() -> None:
    assert wilson([]) == Interval(rate=None, low=0.0, high=1.0, cases=0)


def test_several_samples_a_case_make_wilson_wider_than_need_be() -> None:
    """The coverage for shares of four samples is at least that for one, less what 2,000 draws may be off.

    The estimate of a coverage near 0.95 has a standard error of 0.005; three of them are allowed.
    """
    draw = np.random.default_rng(11)
    rate = 0.7
    for samples, cases in ((1, 24), (4, 24), (4, 8)):
        # Cases differ: each has a rate of its own, with a mean of 0.7.
        own = draw.beta(2.8, 1.2, size=(2_000, cases))
        shares = draw.binomial(samples, own) / samples
        found = [wilson(row) for row in shares.tolist()]
        assert np.mean([one.low <= rate <= one.high for one in found]) >= 0.95 - 0.015


def test_how_often_wilson_covers_is_as_told() -> None:
    """The figures of its docstring, enumerated."""
    for cases in (8, 12, 16, 24, 48):
        ends = [wilson([1.0] * passed + [0.0] * (cases - passed)) for passed in range(cases + 1)]
        rates = np.linspace(0.001, 0.999, 999)
        chances = stats.binom.pmf(np.arange(cases + 1)[:, None], cases, rates[None, :])
        inside = np.array([[end.low <= rate <= end.high for rate in rates] for end in ends])
        cover = (chances * inside).sum(axis=0)
        assert 0.95 <= cover.mean() < 0.956
        assert cover[(rates >= 0.1) & (rates <= 0.9)].min() >= 0.91
        assert 0.83 <= cover.min() < 0.9


@given(st.integers(1, 9), st.data())
def test_pass_at_k_counts_choices(samples: int, data: st.DataObject) -> None:
    passed = data.draw(st.integers(0, samples))
    k = data.draw(st.integers(1, samples))
    chosen = list(combinations([True] * passed + [False] * (samples - passed), k))
    assert pass_at_k([(samples, passed)], k) == pytest.approx(sum(map(any, chosen)) / len(chosen))
    assert pass_hat_k([(samples, passed)], k) == pytest.approx(sum(map(all, chosen)) / len(chosen))


def test_pass_at_k_is_unbiased() -> None:
    """Over all outcomes of six samples, its mean is the chance that it estimates."""
    for rate in (0.1, 0.5, 0.9):
        chances = [stats.binom.pmf(passed, 6, rate) for passed in range(7)]
        for k in (1, 2, 3, 6):
            any_passed = [pass_at_k([(6, passed)], k) for passed in range(7)]
            all_passed = [pass_hat_k([(6, passed)], k) for passed in range(7)]
            assert np.dot(chances, any_passed) == pytest.approx(1 - (1 - rate) ** k)
            assert np.dot(chances, all_passed) == pytest.approx(rate**k)


def test_pass_at_k_averages_over_the_cases_that_have_k_samples() -> None:
    assert pass_at_k([(2, 1), (4, 0), (1, 1)], 2) == pytest.approx((1 + 0) / 2)
    assert pass_hat_k([(2, 2), (4, 2), (1, 1)], 2) == pytest.approx((1 + 1 / 6) / 2)
    assert pass_at_k([(2, 1), (1, 1)], 3) is None
    assert pass_hat_k([], 1) is None


@pytest.mark.parametrize("counts", [[(2, 3)], [(-1, -1)], [(2, -1)]])
def test_impossible_counts_are_refused(counts: list[tuple[int, int]]) -> None:
    with pytest.raises(ValueError, match="cannot have passed"):
        pass_at_k(counts, 1)
    with pytest.raises(ValueError, match="k is at least 1"):
        pass_hat_k([(2, 1)], 0)


@pytest.mark.parametrize("share", [-0.1, 1.1, math.nan, math.inf])
def test_what_is_no_share_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="a share is between"):
        wilson([0.5, share])
    with pytest.raises(ValueError, match="a share is between"):
        discriminates([share])


@pytest.mark.parametrize("level", [0, 1, 95, math.nan])
def test_what_is_no_level_is_refused(level: float) -> None:
    with pytest.raises(ValueError, match="a level is between"):
        wilson([0.5], level)


def test_a_rung_that_all_pass_tells_nothing_apart() -> None:
    assert discriminates([1.0, 0.8])
    assert not discriminates([1.0, 0.81])
    assert discriminates([1.0, 0.9], bound=0.95)
    assert discriminates([0.0, 0.0])
    assert not discriminates([])


# multipletests(..., method="holm") of statsmodels 0.15.0.
HOLM = [
    ([0.01, 0.04, 0.03, 0.005], [0.03, 0.06, 0.06, 0.02]),
    ([0.2, 0.2, 0.01, 0.9, 1.0], [0.8, 0.8, 0.05, 1.0, 1.0]),
    ([0.001, 0.001, 0.001, 0.5, 0.04], [0.005, 0.005, 0.005, 0.5, 0.08]),
    ([0.0, 0.011, 0.02, 0.02, 0.04, 0.6, 0.0041], [0.0, 0.055, 0.08, 0.08, 0.08, 0.6, 0.0246]),
]


@pytest.mark.parametrize(("ps", "adjusted"), HOLM)
def test_holm_is_statsmodels(ps: list[float], adjusted: list[float]) -> None:
    assert list(holm({str(place): p for place, p in enumerate(ps)}).values()) == pytest.approx(adjusted)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=6))
def test_holm_is_bonferroni_closed(ps: list[float]) -> None:
    """By the closed testing principle: the largest Bonferroni p-value of the subsets that hold a measure."""
    adjusted = holm({str(place): p for place, p in enumerate(ps)})
    for place in range(len(ps)):
        subsets = [
            chosen for size in range(1, len(ps) + 1) for chosen in combinations(range(len(ps)), size) if place in chosen
        ]
        closed = max(min(1.0, len(chosen) * min(ps[one] for one in chosen)) for chosen in subsets)
        assert adjusted[str(place)] == pytest.approx(closed)


def test_holm_keeps_names_and_their_order() -> None:
    assert list(holm({"runs": 0.5, "parses": 0.01, "loads": 0.2})) == ["runs", "parses", "loads"]
    assert holm({}) == {}
    assert holm({"one": 0.03}) == {"one": 0.03}
    with pytest.raises(ValueError, match="as for loads"):
        holm({"loads": math.nan})
