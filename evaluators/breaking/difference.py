"""One difference that breaks somebody."""

from __future__ import annotations

from dataclasses import dataclass

from evaluators.finding import Location

SENDERS = "clients that send"
READERS = "clients that read"
CLIENTS = "every client"
GENERATED = "generated clients"
STORED = "stored data"
RUNNING = "the old code, while both run"


@dataclass(frozen=True)
class Difference:
    """What changed. `kind` is the id of the rule that tells it, `breaks` says whom."""

    kind: str
    symbol: str
    at: Location
    """In the state after; for what is gone, the nearest thing that is still there."""
    message: str
    breaks: str
    hint: str = ""
