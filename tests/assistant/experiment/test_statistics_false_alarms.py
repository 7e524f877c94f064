"""Where a change did nothing, at most alpha of the comparisons may claim that it did something.

The tolerance of the simulations: where the true share of false alarms is alpha = 0.05, which is the
most that is promised, a simulation of 1,000 comparisons counts more than 73 of them once in 1,000 times
(the quantile of the binomial distribution). So 73 are allowed. Where there is a method
that is known to be wrong, the same simulation must count more of its alarms: otherwise it could not tell.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from scipy import stats

from assistant.experiment.statistics import (
    Paired,
    Shift,
    bootstrap_difference,
    decide,
    even_shares,
    holm,
    mcnemar,
    more_cases,
)
from assistant.experiment.statistics.paired import sign_test

ALPHA = 0.05
COMPARISONS = 1_000
ALLOWED = int(stats.binom.ppf(0.999, COMPARISONS, ALPHA))
RUNGS = 11


def test_the_tolerance_is_what_it_says() -> None:
    assert ALLOWED == 73
    assert stats.binom.sf(ALLOWED, COMPARISONS, ALPHA) < 0.001


@pytest.mark.parametrize("alpha", [0.05, 0.01, 0.05 / 13])
def test_the_exact_test_keeps_alpha_for_any_number_of_changed_cases(alpha: float) -> None:
    """Enumerated, so without any tolerance."""
    for changed in range(1, 200):
        ps = np.array([sign_test(better, changed - better) for better in range(changed + 1)])
        chances = stats.binom.pmf(np.arange(changed + 1), changed, 0.5)
        assert chances[ps <= alpha].sum() <= alpha * (1 + 1e-9)


def claims(measured: Paired | Shift, p: float) -> str:
    """The verdict; no plan for many cases, which would take the most time."""
    return decide(measured, p, ALPHA, 0.1, most=50).verdict


def named(values: np.ndarray) -> dict[str, float]:
    return {str(case): float(value) for case, value in enumerate(values)}


@pytest.mark.parametrize(("cases", "samples"), [(8, 1), (24, 1), (24, 4)])
def test_the_paired_test_keeps_alpha(cases: int, samples: int) -> None:
    draw = np.random.default_rng(21)
    alarms = 0
    for _ in range(COMPARISONS):
        # Each case has a rate of its own, the same on both sides.
        own = draw.beta(2, 1, (cases, 1))
        before, after = ((draw.random((cases, samples)) < own).mean(axis=1) for _ in range(2))
        found = mcnemar(named(before), named(after))
        alarms += claims(found, found.p) in {"better", "worse"}
    assert 0 < alarms <= ALLOWED


def test_uneven_samples_need_to_be_made_even() -> None:
    """One sample before and four after: the sign test of their means cries wolf, `even_shares` does not."""
    draw = np.random.default_rng(22)
    uneven = even = 0
    for _ in range(COMPARISONS):
        before = {str(case): [value] for case, value in enumerate(draw.random(24) < 0.9)}
        after = {str(case): list(values) for case, values in enumerate(draw.random((24, 4)) < 0.9)}
        means = [{name: float(np.mean(values)) for name, values in side.items()} for side in (before, after)]
        uneven += mcnemar(*means).p <= ALPHA
        even += mcnemar(*even_shares(before, after)).p <= ALPHA
    # The docstring of mcnemar says 24 %, give or take three standard errors of 0.0135.
    assert uneven / COMPARISONS == pytest.approx(0.24, abs=0.04)
    assert 0 < even <= ALLOWED


def test_samples_are_no_cases() -> None:
    """Where cases change by themselves, to count samples as cases cries wolf, and to count cases does not.

    A case's rate is drawn anew for each side: the wording of a prompt moves it at random, in no direction.
    """
    draw = np.random.default_rng(23)
    by_sample = by_case = 0
    for _ in range(COMPARISONS):
        sides = [draw.random((12, 8)) < draw.beta(0.4, 0.4, 12)[:, None] for _ in range(2)]
        rises = int((~sides[0] & sides[1]).sum())
        falls = int((sides[0] & ~sides[1]).sum())
        by_sample += sign_test(rises, falls) <= ALPHA
        before, after = (named(side.mean(axis=1)) for side in sides)
        by_case += mcnemar(before, after).p <= ALPHA
    assert by_sample > ALLOWED
    assert 0 < by_case <= ALLOWED


@cache
def planned(better: int, worse: int) -> int | None:
    return more_cases(better, worse, 24, ALPHA, most=300)


@pytest.mark.parametrize("changing", [0.2, 0.6])
def test_one_second_look_at_more_cases_keeps_alpha(changing: float) -> None:
    """As the docstring of more_cases tells: 24 cases, then as many more as the plan says, all tested at once."""
    draw = np.random.default_rng(27)
    shares = [changing / 2, changing / 2, 1 - changing]
    first = either = 0
    for better, worse, _ in draw.multinomial(24, shares, size=COMPARISONS).tolist():
        alarm = sign_test(better, worse) <= ALPHA
        first += alarm
        if not alarm and (more := planned(better, worse)):
            rises, falls, _ = draw.multinomial(more, shares).tolist()
            alarm = sign_test(better + rises, worse + falls) <= ALPHA
        either += alarm
    assert first < either <= ALLOWED


@pytest.mark.parametrize("cases", [8, 24])
def test_the_decision_on_amounts_keeps_alpha(cases: int) -> None:
    """Times of very different cases with rare timeouts; two samples a case. The percentile bootstrap does not."""
    draw = np.random.default_rng(24)
    alarms = percentile = 0
    for _ in range(COMPARISONS):
        own = draw.lognormal(0, 0.8, (cases, 1))
        sides = []
        for _ in range(2):
            times = own * draw.lognormal(0, 0.4, (cases, 2))
            sides.append(np.where(draw.random((cases, 2)) < 0.06, 20.0, times))
        before, after = ({str(case): row for case, row in enumerate(side.tolist())} for side in sides)
        found = bootstrap_difference(before, after, resamples=99)
        alarms += claims(found, found.p) in {"better", "worse"}
        changes = (sides[1] - sides[0]).mean(axis=1)
        means = changes[draw.integers(0, cases, (400, cases))].mean(axis=1)
        low, high = np.quantile(means, [0.025, 0.975])
        percentile += not low <= 0 <= high
    assert 0 < alarms <= ALLOWED
    assert percentile > ALLOWED


def test_a_false_no_worse_is_rare() -> None:
    """Where seconds rose by exactly what matters, in logarithms, at most half of 5 % may say no-worse.

    Of 1,000 at 2.5 %, more than 41 would come up once in 1,000 simulations.
    """
    draw = np.random.default_rng(25)
    rise = float(np.log(1.25))
    said = 0
    for _ in range(COMPARISONS):
        changes = rise + draw.normal(0, 0.5, 12) - draw.normal(0, 0.5, 12)
        before = {str(case): [0.0] for case in range(12)}
        after = {str(case): [float(change)] for case, change in enumerate(changes)}
        found = bootstrap_difference(before, after, resamples=199)
        said += decide(found, 1.0, ALPHA, rise).verdict == "no-worse"
    assert 0 < said <= stats.binom.ppf(0.999, COMPARISONS, 0.025)


def test_a_whole_family_keeps_alpha() -> None:
    """Eleven rungs, each above the one before, with the rounds and the time that hang on them.

    A claim about any of the thirteen is a false alarm of the family. Without Holm's method there are too many.
    """
    draw = np.random.default_rng(26)
    cases, samples = 16, 2
    adjusted = raw = 0
    for _ in range(COMPARISONS):
        # How good a case's answers are on average; an answer's height is how many rungs it passes.
        own = draw.normal(7, 3, (cases, 1))
        sides = []
        for _ in range(2):
            heights = np.clip(np.floor(own + draw.normal(0, 3, (cases, samples))), 0, RUNGS)
            rounds = 1 + np.floor((RUNGS - heights) / 4)
            times = np.log(rounds * draw.lognormal(2, 0.5, (cases, samples)))
            sides.append((heights, rounds, times))
        (before, *costs_before), (after, *costs_after) = sides
        measured = {}
        for step in range(1, RUNGS + 1):
            shares = [named((side >= step).mean(axis=1)) for side in (before, after)]
            measured[f"rung {step}"] = mcnemar(*shares)
        for name, was, is_ in zip(("rounds", "time"), costs_before, costs_after, strict=True):
            amounts = [{str(case): row for case, row in enumerate(side.tolist())} for side in (was, is_)]
            measured[name] = bootstrap_difference(*amounts, resamples=99)
        ps = holm({name: found.p for name, found in measured.items()})
        verdicts = [claims(found, ps[name]) for name, found in measured.items()]
        adjusted += bool({"better", "worse"} & set(verdicts))
        raw += min(found.p for found in measured.values()) <= ALPHA
    assert 0 < adjusted <= ALLOWED
    assert raw > ALLOWED
