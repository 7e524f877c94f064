"""Recorded answers with the waiting time of a live model, for workers of their own process.

The gate is a double here: its static stages alone, so that what is measured is the queue and
the journal under a model's latency, and not how fast this machine boots services.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator
from pathlib import Path

from assistant.model.base import Completion, Delta
from assistant.model.context import Context
from assistant.model.replay import ReplayModel
from assistant.prompt import Prompt
from assistant.settings import Settings
from evaluators import gate

STEP = 0.2
"""Seconds of the shortest sleep; shorter ones would measure the machine's clock."""


class SlowModel:
    """A replay that takes BENCH_SECONDS for each answer and notes it in BENCH_LOG once it is whole."""

    def __init__(self, behind: ReplayModel) -> None:
        self._behind = behind

    @property
    def name(self) -> str:
        """The recorded model's."""
        return self._behind.name

    async def stream(self, prompt: Prompt) -> AsyncIterator[Delta | Completion]:
        """As any model."""
        began, seconds = time.monotonic(), float(os.environ["BENCH_SECONDS"])
        pieces = [piece async for piece in self._behind.stream(prompt)]
        for number, piece in enumerate(pieces, 1):
            # Whatever the replay itself took is part of the model's time.
            ahead = began + seconds * number / len(pieces) - time.monotonic()
            if ahead > STEP or isinstance(piece, Completion):
                await asyncio.sleep(max(0.0, ahead))
            if isinstance(piece, Completion):
                _note(prompt.fingerprint)
            yield piece


def _note(line: str) -> None:
    """Append a line to the log."""
    with Path(os.environ["BENCH_LOG"]).open("a", encoding="utf-8") as file:
        file.write(line + "\n")


def open_model(settings: Settings, context: Context) -> SlowModel:
    """The slow replay; from now on this process judges by the static stages alone."""
    gate.Gate.__init__.__kwdefaults__ = None
    gate.Gate.__init__.__defaults__ = (gate.STATIC & frozenset(gate.STAGES), None, None)
    return SlowModel(ReplayModel(context.roots, case=context.case, sample=context.sample))
