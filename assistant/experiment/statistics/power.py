"""How many cases it takes: the chance that the exact test misses a regression, and the numbers to plan with."""

from __future__ import annotations

import math
from functools import lru_cache
from itertools import accumulate

MOST = 2_000
"""Nobody writes more cases than this."""


def chance_of_missing(cases: int, drop: float, alpha: float, improving: float = 0.0) -> float:
    """The chance that a regression is not shown: p > alpha, or more cases better than worse.

    `drop` is the share of all cases whose rate falls in such a comparison, `improving` the share whose
    rate rises; the other cases stay. The figure is exact for `mcnemar`, summed over all numbers
    of cases that may fall and rise. `alpha` is what the one test is held to: in a family of m
    measures, alpha / m is what Holm's method asks of the first.

    Raises ValueError for shares that cannot be and for an alpha that is not between 0 and 1.
    """
    _check(drop, improving, alpha)
    if cases < 0:
        raise ValueError(f"there are no {cases} cases")
    changing = drop + improving
    if not changing:
        return 1.0
    return 1 - _mean(cases, changing, _shown(alpha, drop / changing, cases))


def cases_needed(drop: float, alpha: float, power: float = 0.8, improving: float = 0.0, most: int = MOST) -> int | None:
    """The fewest cases that show such a regression with at least this power, and so does any larger number.

    The power of an exact test rises like a saw: one case more can lower it a little. The answer
    is the smallest number from which on, up to `most`, it never falls below `power` again; None
    where `most` cases do not have it. Shares and `alpha` as in `chance_of_missing`.

    Raises ValueError for shares that cannot be, and for an alpha or a power not between 0 and 1.
    """
    _check(drop, improving, alpha)
    if not 0 < power < 1:
        raise ValueError(f"a power is between 0 and 1, not {power}")
    changing = drop + improving
    if not changing:
        return None
    shown = _shown(alpha, drop / changing, most)
    if _mean(most, changing, shown) < power:
        return None
    # The least that this number of changed cases, or any larger one, achieves. It never falls with the
    # number, so its mean never falls with the cases, and it can be searched by halves.
    assured = tuple(accumulate(reversed(shown), min))[::-1]
    low, high = 0, most
    while low < high:
        middle = (low + high) // 2
        if _mean(middle, changing, assured) >= power:
            high = middle
        else:
            low = middle + 1
    # From there on the power holds; it may hold a little earlier.
    while low > 1 and _mean(low - 1, changing, shown) >= power:
        low -= 1
    return low


def more_cases(
    better: int, worse: int, cases: int, alpha: float, power: float = 0.8, drop: float = 0.1, most: int = MOST
) -> int | None:
    """How many more cases would show the difference, if cases went on to differ as the observed ones do.

    It is what a new comparison over all the cases, old and new, needs for this power. Where no
    case differs, it is the number for a regression in a share `drop` of the cases. At least 1;
    None where as many fall as rise, or where all together would be more than `most`.

    The observed shares are taken for the true ones, which a few cases tell badly, so this is a plan
    and no promise. Nor is it free: to keep the old answers, add cases and test again is to test
    twice. The exact test has room for one such second look (2.5 to 5.1 % of 4,000 simulated
    comparisons of 24 or 48 cases had a false alarm in either, at an alpha of 5 %), but each further
    one adds to it. A comparison of new answers to all the cases has no such cost.

    Raises ValueError for counts that cannot be, and as `cases_needed` does.
    """
    if min(better, worse) < 0 or better + worse > cases:
        raise ValueError(f"{better} and {worse} of {cases} cases cannot differ")
    if better == worse:
        needed = None if better else cases_needed(drop, alpha, power, most=most)
    else:
        needed = cases_needed(max(better, worse) / cases, alpha, power, min(better, worse) / cases, most)
    return None if needed is None else max(1, needed - cases)


def _check(drop: float, improving: float, alpha: float) -> None:
    """Raises ValueError for what no regression and no test can have."""
    if not (drop >= 0 and improving >= 0 and drop + improving <= 1 + 1e-12):
        raise ValueError(f"shares of {drop} and {improving} of the cases cannot change")
    if not 0 < alpha < 1:
        raise ValueError(f"alpha is between 0 and 1, not {alpha}")


def _mean(cases: int, changing: float, shown: tuple[float, ...]) -> float:
    """The mean of what each number of changed cases shows, over how many of the cases may change."""
    middle = cases * changing
    reach = 10 + 9 * math.sqrt(cases * changing * max(0.0, 1 - changing))
    numbers = range(max(0, math.floor(middle - reach)), min(cases, math.ceil(middle + reach)) + 1)
    return min(1.0, math.fsum(_binomial(cases, number, changing) * shown[number] for number in numbers))


@lru_cache(maxsize=32)
def _shown(alpha: float, falling: float, most: int) -> tuple[float, ...]:
    """For 0 to `most` changed cases: the chance that so many fall that the test shows it.

    `falling` is the chance that a changed case fell.
    """
    needed = _critical(alpha, most)
    chances = [0.0]
    for changed in range(1, most + 1):
        # From one number of changed cases to the next: those that had enough, and those that lacked
        # one and got it; where one more is needed now, without those that have one too few.
        chance = chances[-1] + falling * _binomial(changed - 1, needed[changed - 1] - 1, falling)
        if needed[changed] > needed[changed - 1]:
            chance -= _binomial(changed, needed[changed - 1], falling)
        chances.append(min(1.0, max(0.0, chance)))
    return tuple(chances)


@lru_cache(maxsize=32)
def _critical(alpha: float, most: int) -> tuple[int, ...]:
    """For 0 to `most` changed cases: the fewest that must fall to have p <= alpha; one too many where none suffices.

    It is counted in whole numbers, as the test itself is, so the two never disagree.
    """
    least, tail = 1, 0
    found = [least]
    for changed in range(1, most + 1):
        # Of 2 ** changed ways to rise and fall, `tail` have at least `least` falls.
        tail = 2 * tail + math.comb(changed - 1, least - 1)
        if 2 * tail / (1 << changed) > alpha:
            tail -= math.comb(changed, least)
            least += 1
        found.append(least)
    return tuple(found)


def _binomial(trials: int, hits: int, chance: float) -> float:
    """The probability of so many hits."""
    if not 0 <= hits <= trials:
        return 0.0
    if chance <= 0 or chance >= 1:
        return float(hits == (trials if chance >= 1 else 0))
    ways = math.lgamma(trials + 1) - math.lgamma(hits + 1) - math.lgamma(trials - hits + 1)
    return math.exp(ways + hits * math.log(chance) + (trials - hits) * math.log1p(-chance))
