"""The bootstrap interval and the sign flips, against scipy and by simulation.

`python -m pytest` simulates a little; run as a program, this file prints the figures that the
docstring of assistant/experiment/statistics/amounts.py tells, in a few minutes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.random import Generator
from scipy import stats

from assistant.experiment.statistics import Shift, bootstrap_difference
from assistant.experiment.statistics.amounts import ENUMERATED, sign_flips

CHANGES = st.lists(st.integers(-4, 4).map(float), min_size=1, max_size=9)
Amounts = np.ndarray[tuple[int], np.dtype[np.float64]]


@dataclass(frozen=True)
class World:
    """Amounts before and after, and the true mean difference."""

    truth: float
    before: Callable[[Generator, Amounts], Amounts]
    after: Callable[[Generator, Amounts], Amounts]


def lasting(factor: float, spread: float = 0.7) -> Callable[[Generator, Amounts], Amounts]:
    """Times around each case's own, lognormal with a mean of 1."""
    return lambda draw, own: factor * own * draw.lognormal(-(spread**2) / 2, spread, own.size)


def with_timeouts(draw: Generator, own: Amounts) -> Amounts:
    return np.where(draw.random(own.size) < 0.08, 20.0, lasting(1, 0.4)(draw, own))


def rounds(chance: float) -> Callable[[Generator, Amounts], Amounts]:
    """Rounds until an answer passes, four at most."""
    return lambda draw, own: np.minimum(4, draw.geometric(chance, own.size)).astype(float)


def logarithm(times: Callable[[Generator, Amounts], Amounts]) -> Callable[[Generator, Amounts], Amounts]:
    return lambda draw, own: np.log(times(draw, own))


def mean_rounds(chance: float) -> float:
    return sum((1 - chance) ** count for count in range(4))


# A case's own time is lognormal too: its mean is exp(0.8 ** 2 / 2).
OWN = math.exp(0.32)
WORLDS = {
    "nothing changed: times": World(0.0, lasting(1), lasting(1)),
    "nothing changed: timeouts": World(0.0, with_timeouts, with_timeouts),
    "nothing changed: rounds": World(0.0, rounds(0.75), rounds(0.75)),
    "30 % longer": World(0.3 * OWN, lasting(1), lasting(1.3)),
    "more rounds": World(mean_rounds(0.6) - mean_rounds(0.85), rounds(0.85), rounds(0.6)),
    "twice as long": World(OWN, lasting(1), lasting(2)),
    "twice as long, logarithms": World(math.log(2), logarithm(lasting(1)), logarithm(lasting(2))),
    "new timeouts": World(0.08 * (20 - OWN), lasting(1, 0.4), with_timeouts),
}


def shifted(changes: list[float], **more: float) -> Shift:
    """A comparison of one sample a case, with these differences."""
    before = {str(case): [10.0] for case in range(len(changes))}
    after = {str(case): [10.0 + change] for case, change in enumerate(changes)}
    return bootstrap_difference(before, after, **more)  # type: ignore[arg-type]


def drawn(world: World, cases: int, draw: Generator) -> list[float]:
    own = draw.lognormal(0, 0.8, cases)
    return (world.after(draw, own) - world.before(draw, own)).tolist()


def covers(low: float | None, high: float | None, truth: float) -> bool:
    return (low is None or low <= truth + 1e-9) and (high is None or high >= truth - 1e-9)


def competitors(changes: list[float], draw: Generator) -> Iterator[tuple[str, float, float]]:
    """What other methods make of the same differences; all of one size have no interval."""
    values = np.array(changes)
    if np.ptp(values) == 0:
        return
    for method in ("percentile", "BCa"):
        found = stats.bootstrap(
            (values,), np.mean, method=method, n_resamples=999, rng=draw, vectorized=True
        ).confidence_interval
        yield method, found.low, found.high
    error = stats.sem(values)
    low, high = stats.t.interval(0.95, len(values) - 1, values.mean(), error)
    yield "t", low, high
    resampled = values[draw.integers(0, len(values), (999, len(values)))]
    spread = resampled.std(axis=1, ddof=1) / math.sqrt(len(values))
    moved = resampled.mean(axis=1) - values.mean()
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = np.where(spread > 1e-12, moved / spread, np.copysign(np.inf, moved))
    ratios.sort()
    yield "bootstrap-t", values.mean() - ratios[974] * error, values.mean() - ratios[24] * error


@given(CHANGES)
def test_sign_flips_are_counted(changes: list[float]) -> None:
    observed = abs(sum(changes))
    flipped = [
        abs(sum(sign * change for sign, change in zip(signs, changes, strict=True)))
        for signs in product((-1, 1), repeat=len(changes))
    ]
    assert sign_flips(changes) == pytest.approx(np.mean([value >= observed - 1e-9 for value in flipped]))


@pytest.mark.parametrize("cases", [8, 12])
def test_sign_flips_are_scipys(cases: int) -> None:
    changes = np.random.default_rng(cases).lognormal(0, 1, cases) - 1.2
    theirs = stats.permutation_test((changes,), np.mean, permutation_type="samples", n_resamples=2**cases)
    assert sign_flips(changes.tolist()) == pytest.approx(theirs.pvalue)


def test_many_cases_are_drawn_and_agree_with_few() -> None:
    """Cases that do not differ leave the exact test as it is, so both ways can be asked the same.

    The estimate of a p-value near 0.05 from 9,999 draws has a standard error of 0.0022; four are allowed.
    """
    changes = (np.random.default_rng(2).normal(0.55, 1, ENUMERATED + 1)).tolist()
    drawn_p = sign_flips(changes)
    half = len(changes) // 2
    signs = np.array(list(product((-1, 1), repeat=half)))
    left = signs @ np.array(changes[:half])
    right = np.sort(np.array(list(product((-1, 1), repeat=len(changes) - half))) @ np.array(changes[half:]))
    beyond = (len(right) - np.searchsorted(right, abs(sum(changes)) - 1e-9 - left)).sum()
    assert drawn_p == pytest.approx(2 * beyond / 2 ** len(changes), abs=0.009)
    assert drawn_p == sign_flips(changes)


def test_the_interval_is_the_bootstraps_definition() -> None:
    """The same resamples, the ratios computed from each resample's own mean and standard error."""
    changes = [0.3, -0.2, 1.9, 0.4, 0.0, 0.7, 5.0, -0.1]
    found = shifted(changes, seed=7, resamples=499)
    mean, error = np.mean(changes), stats.sem(changes)

    from random import Random

    draw = Random(7)
    ratios = []
    for _ in range(499):
        sample = np.array(draw.choices(changes, k=8))
        ratios.append(abs(sample.mean() - mean) / stats.sem(sample))
    reach = np.sort(ratios)[math.ceil(0.95 * 500) - 1] * error
    assert found.difference == pytest.approx(mean)
    assert (found.low, found.high) == pytest.approx((mean - reach, mean + reach))
    assert found.spread == pytest.approx(np.std(changes, ddof=1))


def test_with_many_cases_it_is_scipys_bootstrap() -> None:
    """All bootstrap intervals agree where there is much to resample."""
    changes = np.random.default_rng(3).exponential(1.0, 400)
    found = shifted(changes.tolist())
    theirs = stats.bootstrap((changes,), np.mean, method="percentile", rng=np.random.default_rng(1))
    assert (found.low, found.high) == pytest.approx(theirs.confidence_interval, abs=0.02)


def test_samples_of_a_case_are_its_mean_and_even() -> None:
    before = {"a": [1.0, 2.0, 9.0], "b": [4.0], "c": [1.0], "d": []}
    after = {"a": [3.0, 5.0], "b": [4.0, 100.0], "d": [1.0], "e": [1.0]}
    found = bootstrap_difference(before, after)
    assert (found.cases, found.difference, found.rises, found.falls) == (2, 1.25, 2.5, 0.0)


def test_the_same_seed_gives_the_same_interval() -> None:
    changes = [0.3, -0.2, 1.9, 0.4, 0.0, 0.7]
    assert shifted(changes, seed=3) == shifted(changes, seed=3)
    assert shifted(changes, seed=3) != shifted(changes, seed=4)


@pytest.mark.parametrize(
    "changes", [[], [2.0], [0.0] * 24, [0.5] * 8, [0.0] * 7 + [1.0], [0.0] * 22 + [1.0, -2.0], [0.1 + 0.2] * 3]
)
def test_cases_that_hardly_differ_leave_the_interval_open(changes: list[float]) -> None:
    found = shifted(changes)
    assert (found.low, found.high, found.limit) == (None, None, None)


@pytest.mark.parametrize("changes", [[0.0] * 24, [0.0] * 7 + [1.0], [0.0] * 22 + [1.0, -2.0], [3.0] * 8])
def test_a_limit_closes_it(changes: list[float]) -> None:
    found = shifted(changes, limit=3.0)
    assert found.low is not None
    assert found.high is not None
    assert -3 <= found.low <= np.mean(changes) <= found.high <= 3
    assert found.high - found.low > 0.5
    assert found.limit == 3.0


def test_a_limit_that_is_not_needed_changes_nothing() -> None:
    changes = [0.3, -0.2, 1.9, 0.4, 0.0, 0.7]
    assert shifted(changes, limit=3.0) == shifted(changes)


def test_what_cannot_be_is_refused() -> None:
    with pytest.raises(ValueError, match="not a finite number"):
        shifted([1.0, math.nan])
    with pytest.raises(ValueError, match="not a finite number"):
        sign_flips([1.0, math.inf])
    with pytest.raises(ValueError, match="more than the limit"):
        shifted([1.0, -4.0], limit=3.0)
    with pytest.raises(ValueError, match="98 resamples"):
        shifted([1.0], resamples=98)
    with pytest.raises(ValueError, match="a level is between"):
        shifted([1.0], level=95)


@pytest.mark.parametrize(
    ("name", "cases"),
    [
        ("nothing changed: times", 8),
        ("nothing changed: timeouts", 12),
        ("nothing changed: rounds", 24),
        ("30 % longer", 12),
        ("more rounds", 24),
        ("twice as long, logarithms", 8),
    ],
)
def test_the_interval_misses_as_seldom_as_it_says(name: str, cases: int) -> None:
    """In 400 comparisons. At a true rate of 5 % more than 35 misses would come up once in 1,000 such tests."""
    draw = np.random.default_rng(5)
    world = WORLDS[name]
    missed = 0
    for _ in range(400):
        found = shifted(drawn(world, cases, draw), resamples=199)
        missed += not covers(found.low, found.high, world.truth)
    assert missed <= stats.binom.ppf(0.999, 400, 0.05)


def test_others_miss_more_often_than_they_say() -> None:
    """So the simulation can tell, and the choice was one."""
    draw = np.random.default_rng(5)
    world = WORLDS["nothing changed: timeouts"]
    missed = dict.fromkeys(("percentile", "BCa"), 0)
    for _ in range(200):
        for method, low, high in competitors(drawn(world, 8, draw), draw):
            if method in missed:
                missed[method] += not covers(low, high, world.truth)
    assert min(missed.values()) > stats.binom.ppf(0.999, 200, 0.05)


def main() -> None:
    """Prints the shares of 1,000 comparisons in which each method's interval missed; above the truth in brackets."""
    draw = np.random.default_rng(1)
    for name, world in WORLDS.items():
        for cases in (8, 12, 24):
            missed: dict[str, list[int]] = {}
            for _ in range(1_000):
                changes = drawn(world, cases, draw)
                ours = shifted(changes, resamples=999)
                found = [*competitors(changes, draw), ("symmetric", ours.low, ours.high)]
                for method, low, high in found:
                    tally = missed.setdefault(method, [0, 0])
                    tally[0] += not covers(low, high, world.truth)
                    tally[1] += not covers(None, high, world.truth)
            told = "  ".join(
                f"{method} {all_ / 10:.1f} % ({above / 10:.1f})" for method, (all_, above) in missed.items()
            )
            print(f"{name}, {cases} cases: {told}", flush=True)


if __name__ == "__main__":
    main()
