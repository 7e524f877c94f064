"""Passed or not, before and after, over the same cases: an exact test, and an interval for the difference."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from assistant.experiment.statistics.rates import checked, quantile

SAME = 1e-9
"""Shares closer than this are equal: passed over samples, differently rounded."""


@dataclass(frozen=True)
class Paired:
    """One rung before and after, over the cases that both sides have."""

    cases: int
    better: int
    """Cases whose share of passed samples rose."""
    worse: int
    """Cases whose share of passed samples fell."""
    gained: float
    """The rises of the better cases, summed; the same as `better` where each case has one sample."""
    lost: float
    """The falls of the worse cases, summed, as a positive number."""
    p: float
    """Two-sided, exact; 1 where no case differs."""
    difference: float | None
    """The mean rate after less the mean rate before, -1 to 1; None without cases."""
    low: float
    high: float
    level: float
    """What the interval from `low` to `high` is made to cover."""


def mcnemar(before: Mapping[str, float], after: Mapping[str, float], level: float = 0.95) -> Paired:
    """Whether more cases got worse than better, or the other way round, and by how much.

    Both map a case's name to the share of its samples that passed, 0 to 1; names that only one
    side has are left out. The p-value is the two-sided binomial test of better against worse
    cases: McNemar's exact test where each case has one sample, the exact sign test where it has
    several. If the change did nothing, at most alpha of such comparisons have p <= alpha.

    That needs as many samples of a case before as after. A mean of four is more often a little
    below a rate of 0.9 than a single answer is, and with 24 cases of one sample before and four
    after, the test cries wolf in 24 % of comparisons. `even_shares` makes them equal.

    The interval is Tango's score interval, with `gained` and `lost` in the place of counts: for
    shares it is then wider than it need be, as Wilson's is. Enumerated over chances to get better of
    0 to 0.3 and to get worse of 0.02 to 0.5, at the level 0.95, it covers the true difference
    at least 93.7 % of the time for 8 to 48 cases (Bonett and Price's 93.1 %, Wald's 15 %), and
    its low end lies above the truth in at most 4.5 %, where 2.5 % are meant (6.9 %, 85 %).

    Raises ValueError for a share outside 0 to 1 and for a level that is not between them.

    Source: Tango, "Equivalence test and confidence interval for the difference in proportions
    for the paired-sample design", Statistics in Medicine 17 (1998); Fagerland, Lydersen and
    Laake, "Recommended tests and confidence intervals for paired binomial proportions",
    Statistics in Medicine 33 (2014).
    """
    z = quantile(level)
    changes = [checked(after[name]) - checked(before[name]) for name in before if name in after]
    rises = [change for change in changes if change > SAME]
    falls = [-change for change in changes if change < -SAME]
    gained, lost = math.fsum(rises), math.fsum(falls)
    low, high = score_bounds(gained, lost, len(changes), z)
    return Paired(
        cases=len(changes),
        better=len(rises),
        worse=len(falls),
        gained=gained,
        lost=lost,
        p=sign_test(len(rises), len(falls)),
        difference=(gained - lost) / len(changes) if changes else None,
        low=low,
        high=high,
        level=level,
    )


def even_shares(
    before: Mapping[str, Sequence[bool]], after: Mapping[str, Sequence[bool]]
) -> tuple[dict[str, float], dict[str, float]]:
    """Each case's share of passed samples before and after, from as many samples on both sides.

    Where a case has more samples on one side, the first ones are taken; they must be in the order they
    were made, not sorted. Cases that one side lacks, or has no sample of, are left out.
    """
    even = {name: min(len(before[name]), len(after[name])) for name in before if name in after}
    return (
        {name: fmean(before[name][:count]) for name, count in even.items() if count},
        {name: fmean(after[name][:count]) for name, count in even.items() if count},
    )


def sign_test(better: int, worse: int) -> float:
    """The exact two-sided p-value of so many rises and falls, where each is as likely; 1 without any."""
    changed = better + worse
    tail = sum(math.comb(changed, count) for count in range(min(better, worse) + 1))
    # Whole numbers, divided once: the p-value is right to its last digit.
    return min(1.0, 2 * tail / (1 << changed))


def score_bounds(gained: float, lost: float, cases: int, z: float) -> tuple[float, float]:
    """Tango's score interval for (gained - lost) / cases; -1 to 1 without cases.

    It holds all differences whose distance from the observed one is at most z standard errors,
    and the standard error is the one that would hold if that difference were true.
    """
    if not cases:
        return -1.0, 1.0
    observed = (gained - lost) / cases

    def inside(difference: float) -> bool:
        spread = score_variance(gained / cases, lost / cases, difference)
        return cases * (difference - observed) ** 2 <= z * z * spread

    return _edge(inside, observed, -1.0), _edge(inside, observed, 1.0)


def score_variance(gained: float, lost: float, difference: float) -> float:
    """The variance of one case's change if `difference` were true; `gained` and `lost` are a case's means.

    The share that gets worse is then the one most likely for these observations: the larger
    root of Tango's quadratic equation.
    """
    linear = (2 - gained + lost) * difference - gained - lost
    constant = -lost * difference * (1 - difference)
    worse = (math.sqrt(max(0.0, linear * linear - 8 * constant)) - linear) / 4
    return max(0.0, 2 * worse + difference * (1 - difference))


def _edge(inside: Callable[[float], bool], start: float, end: float) -> float:
    """Where, from `start` towards `end`, the inside ends."""
    if inside(end):
        return end
    for _ in range(60):
        middle = (start + end) / 2
        if inside(middle):
            start = middle
        else:
            end = middle
    return start
