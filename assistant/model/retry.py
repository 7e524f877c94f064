"""When a request is asked again, and how long to wait before."""

from __future__ import annotations

import email.utils
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Waiting:
    """The endpoint failed in passing; it is asked again after `seconds`. For the screen."""

    reason: str
    seconds: float
    attempt: int
    """The retry that follows, from 1."""
    of: int


@dataclass(frozen=True)
class Retries:
    """Bounded, exponential, with jitter; an endpoint's own Retry-After wins. Times in seconds."""

    most: int = 4
    first: float = 0.5
    factor: float = 2.0
    longest: float = 30.0
    patience: float = 120.0
    """Longest sum of the waits of one request; a longer Retry-After ends it at once."""

    def wait(self, attempt: int, waited: float, asked: float | None, chance: Callable[[], float]) -> float | None:
        """Seconds before retry number `attempt` (from 1), or None to give up.

        `waited` is the sum so far, `asked` the endpoint's Retry-After, `chance` gives 0 to 1.
        """
        if attempt > self.most:
            return None
        backoff = min(self.first * self.factor ** (attempt - 1), self.longest)
        # Half fixed, half chance: many clients do not come back at the same moment.
        seconds = asked if asked is not None else backoff * (0.5 + chance() / 2)
        return seconds if waited + seconds <= self.patience else None


def retry_after(headers: Mapping[str, str], now: Callable[[], float] = time.time) -> float | None:
    """Seconds that the endpoint asks to wait: Retry-After-Ms, or Retry-After as seconds or date."""
    for name, scale in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        text = headers.get(name, "").strip()
        try:
            seconds = float(text) * scale
        except ValueError:
            continue
        if 0 <= seconds < float("inf"):
            return seconds
    try:
        date = email.utils.parsedate_to_datetime(headers.get("retry-after", ""))
        return max(0.0, date.timestamp() - now())
    except (ValueError, TypeError, OverflowError):
        return None
