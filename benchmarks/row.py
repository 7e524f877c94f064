"""One comparison."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """Seconds of ours and of the peer, run by turns; `bound` is the ratio of medians that we claim."""

    what: str
    ours: tuple[float, ...]
    peer: tuple[float, ...]
    bound: float
