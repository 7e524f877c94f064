"""What a backend may need besides the settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from assistant.model.retry import Waiting
from assistant.trust import Trust


def _nobody(waiting: Waiting) -> None:
    """Hear of a wait and say nothing."""


@dataclass(frozen=True)
class Context:
    """Passed to every backend's `open_model`."""

    trust: Trust = field(default_factory=Trust)
    notify: Callable[[Waiting], None] = _nobody
    """Told of every wait: a retry, or a human who has still to answer."""
    roots: tuple[Path, ...] = ()
    """Folders of recipes whose cassettes are played; empty: those that ship."""
    case: str | None = None
    """Play only this case's recordings."""
    sample: str | None = None
    """Play only the recordings of this name (`1`)."""
    folder: Path | None = None
    """Where `by-hand` exchanges files, or where `scripted` finds its answers."""
