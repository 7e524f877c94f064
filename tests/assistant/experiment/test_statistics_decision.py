"""The verdicts, and whether as many more cases as they ask for decide."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from assistant.experiment.statistics import (
    Decision,
    Paired,
    Shift,
    bootstrap_difference,
    cases_needed,
    decide,
    mcnemar,
)
from assistant.experiment.statistics.paired import score_bounds, sign_test

Z = stats.norm.ppf(0.975)


def rung(better: int, worse: int, cases: int) -> Paired:
    """A comparison of one sample a case."""
    low, high = score_bounds(better, worse, cases, Z)
    return Paired(
        cases=cases,
        better=better,
        worse=worse,
        gained=float(better),
        lost=float(worse),
        p=sign_test(better, worse),
        difference=(better - worse) / cases,
        low=low,
        high=high,
        level=0.95,
    )


def amount(changes: list[float], limit: float | None = None) -> Shift:
    before = {str(case): [10.0] for case in range(len(changes))}
    after = {str(case): [10.0 + change] for case, change in enumerate(changes)}
    return bootstrap_difference(before, after, limit=limit)


def told(measured: Paired | Shift, smallest: float = 0.1, most: int = 2_000) -> Decision:
    return decide(measured, measured.p, 0.05, smallest, most=most)


def test_a_rung_has_four_verdicts() -> None:
    assert told(rung(0, 6, 24)) == Decision("worse")
    assert told(rung(6, 0, 24)) == Decision("better")
    assert told(rung(1, 1, 100)) == Decision("no-worse")
    assert told(rung(1, 5, 20)).verdict == "undecided"


def test_an_amount_has_four_verdicts_and_less_is_better() -> None:
    noise = [0.1, -0.2, 0.3, -0.1, 0.2, -0.3, 0.15, -0.15, 0.05, -0.05]
    assert told(amount([1 + value for value in noise])) == Decision("worse")
    assert told(amount([-1 + value for value in noise])) == Decision("better")
    assert told(amount(noise), smallest=0.3) == Decision("no-worse")
    assert told(amount(noise), smallest=0.05).verdict == "undecided"


def test_the_adjusted_p_value_decides() -> None:
    found = rung(0, 6, 24)
    assert decide(found, 0.05, 0.05, 0.1).verdict == "worse"
    assert decide(found, 0.051, 0.05, 0.1).verdict == "undecided"
    with pytest.raises(ValueError, match="an adjusted p-value"):
        decide(found, found.p / 2, 0.05, 0.1)
    with pytest.raises(ValueError, match="an adjusted p-value"):
        decide(found, 1.5, 0.05, 0.1)
    with pytest.raises(ValueError, match="smallest regression"):
        decide(found, 0.05, 0.05, 0.0)


def test_many_small_rises_and_a_few_large_falls_claim_nothing() -> None:
    """Most cases rose, but the mean rate fell."""
    before = {str(case): 0.5 if case < 10 else 1.0 for case in range(16)}
    after = {str(case): 0.6 if case < 10 else (0.0 if case < 12 else 1.0) for case in range(16)}
    found = mcnemar(before, after)
    assert (found.better, found.worse) == (10, 2)
    assert found.p < 0.05
    assert found.difference is not None
    assert found.difference < 0
    assert told(found).verdict == "undecided"


def test_no_worse_needs_the_interval_and_not_only_no_difference() -> None:
    """Nothing fell in 24 cases, which a drop of 0.1 can leave so; 40 cases exclude it."""
    assert told(rung(0, 0, 24)).verdict == "undecided"
    assert told(rung(0, 0, 40)).verdict == "no-worse"
    assert told(amount([0.0] * 40)).verdict == "undecided"
    assert told(amount([0.0] * 40, limit=3), smallest=0.3) == Decision("no-worse")


def test_without_cases_it_is_the_number_for_the_smallest_regression() -> None:
    assert told(mcnemar({}, {})) == Decision("undecided", cases_needed(0.1, 0.05))
    assert told(amount([])) == Decision("undecided", None)


def test_a_family_and_a_limit_count_in_the_plan() -> None:
    found = rung(1, 5, 20)
    alone = decide(found, 1.0, 0.05, 0.01)
    among = decide(found, 1.0, 0.05, 0.01, family=13)
    assert alone.more == (cases_needed(0.25, 0.05, improving=0.05) or 0) - 20
    assert among.more == (cases_needed(0.25, 0.05 / 13, improving=0.05) or 0) - 20
    assert decide(found, 1.0, 0.05, 0.01, most=20 + (alone.more or 0)) == alone
    assert decide(found, 1.0, 0.05, 0.01, most=19 + (alone.more or 0)).more is None
    # To exclude a drop of a hundredth where a quarter of the cases changes takes some 20,000.
    assert told(rung(3, 3, 24), smallest=0.01).more is None
    assert told(rung(3, 3, 24), smallest=0.01, most=30_000).more is not None


@given(st.integers(0, 10), st.integers(0, 10), st.integers(0, 30), st.floats(0.02, 1.0))
def test_only_what_is_undecided_asks_for_more(better: int, worse: int, same: int, smallest: float) -> None:
    cases = better + worse + same
    if not cases:
        return
    found = told(rung(better, worse, cases), smallest)
    assert found.verdict == "undecided" or found.more is None
    assert found.more is None or 1 <= found.more <= 2_000 - cases


@pytest.mark.parametrize(("better", "worse", "cases"), [(1, 5, 20), (0, 3, 24), (0, 0, 24), (3, 3, 24), (2, 2, 48)])
def test_as_many_more_rung_cases_decide(better: int, worse: int, cases: int) -> None:
    """In at least 80 % of 1,000 comparisons where the shares at hand are the true ones.

    The estimate has a standard error of 0.013, and the plan for no-worse is an approximation: 0.75 is asked.
    """
    more = decide(rung(better, worse, cases), 1.0, 0.05, 0.1).more
    assert more is not None
    draw = np.random.default_rng(6)
    shares = [better / cases, worse / cases, 1 - (better + worse) / cases]
    outcomes = draw.multinomial(cases + more, shares, size=1_000).tolist()
    decided = [told(rung(rises, falls, cases + more), most=1).verdict != "undecided" for rises, falls, _ in outcomes]
    assert np.mean(decided) >= 0.75


@pytest.mark.parametrize("shift", [0.0, 0.45])
def test_as_many_more_amounts_decide(shift: float) -> None:
    """In at least 80 % of 100 comparisons; their estimate has a standard error of 0.04, two are allowed."""
    draw = np.random.default_rng(8)
    sample = draw.normal(0, 1, 16)
    sample = (sample - sample.mean()) / sample.std(ddof=1) + shift
    found = amount(sample.tolist())
    more = decide(replace(found, p=1.0), 1.0, 0.05, 0.5).more
    assert more is not None
    verdicts = []
    for changes in draw.normal(shift, 1, size=(100, 16 + more)).tolist():
        before = {str(case): [0.0] for case in range(16 + more)}
        after = {str(case): [change] for case, change in enumerate(changes)}
        compared = bootstrap_difference(before, after, resamples=199)
        verdicts.append(decide(compared, compared.p, 0.05, 0.5).verdict)
    assert np.mean([verdict != "undecided" for verdict in verdicts]) >= 0.8 - 2 * 0.04
    assert verdicts.count("worse" if shift else "no-worse") > 50


def test_where_hardly_a_case_differs_the_limit_is_what_plans() -> None:
    one = [0.0] * 23 + [1.0]
    assert told(amount(one), smallest=0.3) == Decision("undecided", None)
    found = told(amount(one, limit=3), smallest=0.3)
    assert found.more is not None
    again = (one * (1 + found.more // 24 + 1))[: 24 + found.more]
    assert told(amount(again, limit=3), smallest=0.3).verdict == "no-worse"
