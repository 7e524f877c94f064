"""How often answers pass: a rate with its interval, and the chance that one or all of k answers pass."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import NormalDist, fmean


@dataclass(frozen=True)
class Interval:
    """A rate over cases, with a confidence interval; all are shares between 0 and 1."""

    rate: float | None
    """The mean over cases of the share of a case's samples that passed; None without cases."""
    low: float
    high: float
    cases: int


def quantile(level: float) -> float:
    """The normal deviate of a two-sided interval: 1.96 for 0.95.

    Raises ValueError for a level that is not between 0 and 1.
    """
    if not 0 < level < 1:
        raise ValueError(f"a level is between 0 and 1, not {level}")
    return NormalDist().inv_cdf((1 + level) / 2)


def checked(share: float) -> float:
    """A share as it is; ValueError if it is not between 0 and 1, which NaN is not either."""
    if not 0 <= share <= 1:
        raise ValueError(f"a share is between 0 and 1, not {share}")
    return share


def wilson(rates: Sequence[float], level: float = 0.95) -> Interval:
    """The mean rate over cases, with Wilson's score interval for as many trials as there are cases.

    `rates` holds for each case the share of its samples that passed, 0 to 1. Samples of one
    case are not independent, so they are no trials of their own. With one sample a case this is
    Wilson's interval; with several it is wider than it need be, because no shares with a mean
    of r vary more than r(1 - r), which is what yes-or-no outcomes do (Bhatia and Davis 2000).

    With one sample a case and the level 0.95 it covers the true rate 95 % of the time on
    average over all rates, for 8 to 48 cases, but not for each: at least 91 % between 0.1 and
    0.9, and 83 % for a few rates very close to 0 or 1.

    Without cases nothing is known: the rate is None, the interval 0 to 1. Raises ValueError for
    a share outside 0 to 1 and for a level that is not between them.

    Source: Wilson, "Probable inference, the law of succession, and statistical inference",
    Journal of the American Statistical Association 22 (1927).
    """
    z = quantile(level)
    n = len(rates)
    if not n:
        return Interval(None, 0.0, 1.0, 0)
    rate = fmean(checked(share) for share in rates)
    centre = (rate + z * z / (2 * n)) / (1 + z * z / n)
    reach = z / (1 + z * z / n) * math.sqrt(rate * (1 - rate) / n + z * z / (4 * n * n))
    # Rounding must not push an end of 0 or 1 inwards, past the rate.
    return Interval(rate, min(rate, max(0.0, centre - reach)), max(rate, min(1.0, centre + reach)), n)


def pass_at_k(counts: Sequence[tuple[int, int]], k: int) -> float | None:
    """The chance that at least one of k answers to a case passes, averaged over cases.

    `counts` holds (samples, passed) for each case. The estimate of a case is unbiased:
    1 - C(n - c, k) / C(n, k), that is the share of all choices of k of its samples that have a
    passed one. Cases with fewer than k samples are left out; None if no case has k.

    Raises ValueError for k below 1 and for counts that cannot be.

    Source: Chen et al., "Evaluating large language models trained on code" (2021), section 2.1.
    """
    return _over_cases(counts, k, lambda n, c: 1 - math.comb(n - c, k) / math.comb(n, k))


def pass_hat_k(counts: Sequence[tuple[int, int]], k: int) -> float | None:
    """The chance that all of k answers to a case pass (pass^k), averaged over cases.

    `counts` holds (samples, passed) for each case. The estimate of a case is unbiased:
    C(c, k) / C(n, k). Cases with fewer than k samples are left out; None if no case has k.

    Raises ValueError for k below 1 and for counts that cannot be.

    Source: Yao et al., "tau-bench: a benchmark for tool-agent-user interaction" (2024).
    """
    return _over_cases(counts, k, lambda n, c: math.comb(c, k) / math.comb(n, k))


def discriminates(rates: Sequence[float], bound: float = 0.9) -> bool:
    """Whether a rung still tells prompts apart: False where the mean over cases is above the bound.

    A rung that nearly every answer passes leaves a better prompt no room to show. One that
    nearly none passes is no such rung: the next prompt may pass it. Without cases nothing is
    told apart, so False. Raises ValueError for a share outside 0 to 1.
    """
    return bool(rates) and fmean(checked(share) for share in rates) <= bound


def _over_cases(counts: Sequence[tuple[int, int]], k: int, estimate: Callable[[int, int], float]) -> float | None:
    """The mean of an estimate over the cases that have k samples."""
    if k < 1:
        raise ValueError(f"k is at least 1, not {k}")
    for samples, passed in counts:
        if not 0 <= passed <= samples:
            raise ValueError(f"{passed} of {samples} samples cannot have passed")
    found = [estimate(samples, passed) for samples, passed in counts if samples >= k]
    return fmean(found) if found else None
