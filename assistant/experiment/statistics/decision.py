"""What a comparison shows: better, worse, no worse, or undecided, and then how many more cases it takes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

from assistant.experiment.statistics.amounts import Shift
from assistant.experiment.statistics.paired import Paired, score_variance
from assistant.experiment.statistics.power import MOST, more_cases
from assistant.experiment.statistics.rates import quantile

Verdict = Literal["better", "worse", "no-worse", "undecided"]


@dataclass(frozen=True)
class Decision:
    """A verdict on one measure."""

    verdict: Verdict
    more: int | None = None
    """Where it is undecided: how many more cases would decide; None where more than anybody writes."""


def decide(
    measured: Paired | Shift,
    adjusted_p: float,
    alpha: float,
    smallest: float,
    *,
    power: float = 0.8,
    family: int = 1,
    most: int = MOST,
) -> Decision:
    """What one measure shows, with its p-value adjusted for all measures that are asked together.

    - `better` or `worse`: the adjusted p-value is at most alpha. For a rung, the mean rate must
      have moved the same way as most cases; where a few large falls outweigh many small rises,
      neither is claimed.
    - `no-worse`: the interval excludes a regression of `smallest` or more: a drop of the rate, or
      a rise of the amount, in its own unit. It holds for this measure alone, at half of what the
      interval leaves out; to claim it of m measures at once, widen their intervals to a
      level of 1 - alpha / m.
    - `undecided`: neither. `more` cases would, with this power, show a difference at
      alpha / `family` or exclude the regression, whichever takes fewer, if the cases to come were
      like those at hand. See `more_cases` for what such a plan is worth, and why the larger set
      is to be asked afresh. None where no number up to `most` cases in all would.

    Raises ValueError for an adjusted p-value below the measure's own, for a `smallest` that is
    not above 0, and as `cases_needed` does.
    """
    if not measured.p - 1e-12 <= adjusted_p <= 1:
        raise ValueError(f"an adjusted p-value lies between {measured.p} and 1, not at {adjusted_p}")
    if not smallest > 0:
        raise ValueError(f"the smallest regression that matters is above 0, not {smallest}")
    gain = _gain(measured)
    if adjusted_p <= alpha and gain:
        return Decision("better" if gain > 0 else "worse")
    # The end of the interval on the side of a regression, as a loss.
    if isinstance(measured, Paired):
        loss: float | None = -measured.low
    else:
        loss = measured.high
    if measured.cases and loss is not None and loss < smallest:
        return Decision("no-worse")
    if isinstance(measured, Paired):
        plans = _rung_plans(measured, alpha / family, smallest, power, most)
    else:
        plans = _amount_plans(measured, alpha / family, smallest, power)
    totals = [measured.cases + more for more in plans if more is not None]
    return Decision("undecided", min(totals) - measured.cases if totals and min(totals) <= most else None)


def _gain(measured: Paired | Shift) -> float:
    """Which way the measure moved, above 0 for the better; 0 where that is not clear."""
    moved = measured.difference or 0.0
    if isinstance(measured, Shift):
        return -moved
    return moved if moved * (measured.better - measured.worse) > 0 else 0.0


def _rung_plans(rung: Paired, alpha: float, smallest: float, power: float, most: int) -> list[int | None]:
    """More cases that would show a difference, and that would exclude the regression."""
    if rung.difference is None:
        return [more_cases(0, 0, 0, alpha, power, min(1.0, smallest), most)]
    shown = more_cases(rung.better, rung.worse, rung.cases, alpha, power, most=most)
    variance = score_variance(rung.gained / rung.cases, rung.lost / rung.cases, -smallest)
    excluded = _excluding(rung.cases, rung.level, power, variance, rung.difference + smallest)
    # Where no case differs there is no difference to show.
    return [shown, excluded] if rung.better or rung.worse else [excluded]


def _amount_plans(amount: Shift, alpha: float, smallest: float, power: float) -> list[int | None]:
    """More cases that would show a difference, and that would exclude the regression.

    Where the cases hardly differ only the limit says how much they may: without one there is
    nothing to plan with.
    """
    if amount.difference is None or amount.high is None:
        return []
    if amount.limit is not None:
        scale = amount.cases * amount.limit
        share = score_variance(amount.rises / scale, amount.falls / scale, min(1.0, smallest / amount.limit))
        room = smallest - amount.difference
        return [_excluding(amount.cases, amount.level, power, share * amount.limit**2, room)]
    variance = (amount.spread or 0.0) ** 2
    return [
        _excluding(amount.cases, 1 - alpha, power, variance, abs(amount.difference), estimated=True),
        _excluding(amount.cases, amount.level, power, variance, smallest - amount.difference, estimated=True),
    ]


def _excluding(
    cases: int, level: float, power: float, variance: float, room: float, estimated: bool = False
) -> int | None:
    """More cases after which the interval excludes, with this power, what is `room` away; None if it is inside.

    By the normal approximation: the end of the interval must stay clear even where the estimate
    falls short of the truth, as far as it does in one comparison of 1 / (1 - power). Where the
    variance is an estimate, Student's t takes the place of the normal deviate, for which
    Guenther (1981) adds half the squared deviate to the cases.
    """
    if room <= 0:
        return None
    z = quantile(level)
    planned = (z + NormalDist().inv_cdf(power)) ** 2 * variance / room**2 + (z * z / 2 if estimated else 0.0)
    return max(1, math.floor(planned) + 1 - cases)
