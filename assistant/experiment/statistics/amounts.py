"""Rounds, seconds and other amounts, before and after, over the same cases: an exact test and a bootstrap interval.

How the method was chosen: 1,000 simulated comparisons each of 8, 12 and 24 cases, with lognormal
times of very different cases, with rare timeouts of twenty times as long, and with rounds of 1 to
4. The 95 % interval missed the true difference, at worst over these numbers of cases, in

    truth                      percentile    BCa      t    bootstrap-t    symmetric bootstrap-t
    nothing changed                  16 %   26 %    5 %           14 %                      3 %
    30 % longer                      16 %   21 %    6 %           11 %                      4 %
    more rounds                      13 %   11 %    9 %            7 %                      3 %
    twice as long                    20 %   20 %   13 %           12 %                      9 %
    the same, in logarithms          12 %   12 %    5 %            6 %                      5 %
    new timeouts in 8 %              51 %   50 %   48 %           44 %                     41 %

(`python tests/assistant/experiment/test_statistics_amounts.py` simulates it again.) So the interval is
the symmetric bootstrap-t: a resample's distance from the observed mean is counted in the
resample's own standard errors. The misses of the fourth row are rises above the interval, which
would wrongly be called no worse: times that change by a factor are best compared as logarithms. Nor
does any method see what did not happen: 8 cases show no such timeout in half of the comparisons.

The p-value is not the bootstrap's. It flips the signs of the cases' differences, which is exact for
any distribution and any number of cases, as long as the change did nothing.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from statistics import fmean, stdev

from assistant.experiment.statistics.paired import score_bounds
from assistant.experiment.statistics.rates import quantile

ENUMERATED = 28
"""Up to so many differing cases all ways to flip the signs are counted; above that they are drawn."""

FLIPS = 9_999
"""Drawn ways to flip the signs; with the observed one they are 10,000."""


@dataclass(frozen=True)
class Shift:
    """An amount before and after, over the cases that both sides have. Less is better."""

    cases: int
    difference: float | None
    """The mean over cases of the amount after less the amount before; None without cases."""
    low: float | None
    """None where the cases say nothing on how low the difference may be."""
    high: float | None
    """None where the cases say nothing on how high the difference may be."""
    level: float
    """What the interval from `low` to `high` is made to cover."""
    p: float
    """Two-sided; 1 where no case differs."""
    spread: float | None
    """The standard deviation of the cases' differences; None below two cases."""
    rises: float
    """What rose, summed over the cases."""
    falls: float
    """What fell, summed over the cases, as a positive number."""
    limit: float | None
    """The limit that the interval rests on, where the cases give it no ends; None where they do."""


def bootstrap_difference(
    before: Mapping[str, Sequence[float]],
    after: Mapping[str, Sequence[float]],
    level: float = 0.95,
    seed: int = 0,
    resamples: int = 1_999,
    limit: float | None = None,
) -> Shift:
    """How much an amount changed: its mean over cases, an interval by resampling cases, an exact p-value.

    Both map a case's name to the amounts of its samples in any unit, the same on both sides: rounds,
    or logarithms of seconds. A case's value is the mean of its samples. Where it has more samples
    on one side, the first ones are taken, so that a change that did nothing leaves both sides
    alike; cases that one side lacks are left out. The same seed gives the same answer.

    If the change did nothing, at most alpha of such comparisons have p <= alpha. Up to 28
    differing cases p is exact; with more it is drawn from 10,000 sign flips, the observed one
    included, which keeps that promise. It is at least 2 in 2 to the number of cases.

    An interval needs cases that differ. Where too many resamples have no spread, which takes
    fewer than three differing cases in eight or 24, the interval is open (None). `limit`, the
    largest difference that one case can show, closes it: the differences are then shares of the
    limit, and Tango's interval holds for them (see `mcnemar`).

    Raises ValueError for amounts that are not finite, for a difference above the limit, for
    fewer than 99 resamples and for a level that is not between 0 and 1.

    Source: Hall, "On symmetric bootstrap confidence intervals", Journal of the Royal Statistical
    Society B 50 (1988); Davison and Hinkley, "Bootstrap methods and their application" (1997),
    sections 4.3 and 5.2.
    """
    z = quantile(level)
    if resamples < 99:
        raise ValueError(f"{resamples} resamples say nothing on the ends of an interval")
    changes = _changes(before, after)
    if limit is not None and any(abs(change) > limit for change in changes):
        raise ValueError(f"a case differs by more than the limit of {limit}")
    cases = len(changes)
    if not cases:
        return Shift(0, None, None, None, level, 1.0, None, 0.0, 0.0, None)
    difference = fmean(changes)
    rises = math.fsum(change for change in changes if change > 0)
    falls = math.fsum(-change for change in changes if change < 0)
    low: float | None = None
    high: float | None = None
    reach = _reach(changes, level, seed, resamples)
    if reach is not None:
        low, high, limit = difference - reach, difference + reach, None
    elif limit:
        low, high = (end * limit for end in score_bounds(rises / limit, falls / limit, cases, z))
    p = sign_flips(changes, seed)
    spread = stdev(changes) if cases > 1 else None
    return Shift(cases, difference, low, high, level, p, spread, rises, falls, limit)


def sign_flips(changes: Sequence[float], seed: int = 0) -> float:
    """The two-sided p-value of a mean other than 0: how many ways to flip the signs give one as far from 0.

    Raises ValueError for changes that are not finite.
    """
    sizes = [abs(change) for change in changes if change]
    observed = abs(math.fsum(changes))
    if not math.isfinite(observed):
        raise ValueError("an amount is not a finite number")
    # Sums of the same numbers in another order may differ in their last digits.
    least = observed - 1e-9 * math.fsum(sizes)
    if least <= 0:
        return 1.0
    if len(sizes) <= ENUMERATED:
        half = len(sizes) // 2
        left, right = _sums(sizes[:half]), sorted(_sums(sizes[half:]))
        # A sum and its mirror image are as likely, hence twice the upper side.
        beyond = sum(len(right) - bisect_left(right, least - sum_) for sum_ in left)
        return 2 * beyond / (1 << len(sizes))
    draw = Random(seed)  # noqa: S311 - a simulation, no secret
    # Eight signs at once: a random byte picks one of the sums of eight sizes.
    tables = [_sums(sizes[start : start + 8]) for start in range(0, len(sizes), 8)]
    beyond = 0
    for _ in range(FLIPS):
        bytes_ = draw.randbytes(len(tables))
        beyond += abs(sum(table[byte % len(table)] for table, byte in zip(tables, bytes_, strict=True))) >= least
    return (1 + beyond) / (1 + FLIPS)


def _changes(before: Mapping[str, Sequence[float]], after: Mapping[str, Sequence[float]]) -> list[float]:
    """The difference of each case that has samples on both sides, from as many samples of both."""
    found: list[float] = []
    for name in before:
        count = min(len(before[name]), len(after.get(name, ())))
        if count:
            change = fmean(after[name][:count]) - fmean(before[name][:count])
            if not math.isfinite(change):
                raise ValueError(f"an amount of {name} is not a finite number")
            found.append(change)
    return found


def _reach(changes: Sequence[float], level: float, seed: int, resamples: int) -> float | None:
    """How far the interval goes to either side of the mean; None where it has no end."""
    cases = len(changes)
    mean = fmean(changes)
    centred = [change - mean for change in changes]
    whole = math.fsum(value * value for value in centred)
    if cases < 2 or whole <= 1e-18 * math.fsum(change * change for change in changes) or not whole:
        return None
    draw = Random(seed)  # noqa: S311 - a simulation, no secret
    ratios: list[float] = []
    for _ in range(resamples):
        sample = draw.choices(centred, k=cases)
        total = sum(sample)
        spread = sum(value * value for value in sample) - total * total / cases
        # All of one value: infinitely many standard errors away.
        ratios.append(total * total / spread if spread > 1e-12 * whole else math.inf)
    ratios.sort()
    place = math.ceil(level * (resamples + 1)) - 1
    squared = ratios[place] if place < resamples else math.inf
    return math.sqrt(squared * whole) / cases if squared < math.inf else None


def _sums(sizes: Sequence[float]) -> list[float]:
    """The sums of the numbers with every choice of signs."""
    sums = [0.0]
    for size in sizes:
        sums = [sum_ - size for sum_ in sums] + [sum_ + size for sum_ in sums]
    return sums
