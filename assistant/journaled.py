"""The journal around model and gate: what is stored is read back, what is new is stored first.

The loop does not know: it asks a Model and a gate as ever, and so a resumed run is the
same loop over the same answers.
"""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, AsyncIterator, Iterable
from contextlib import aclosing
from typing import TYPE_CHECKING

from assistant.journal import Journal
from assistant.journal_records import judgement_key, reusable
from assistant.model.base import Completion, Delta, Model
from assistant.prompt import Prompt
from evaluators.draft import Subject
from evaluators.gate import VERSION, Started
from evaluators.report import Report, StageResult

if TYPE_CHECKING:
    from assistant.run import Judge


class JournaledModel:
    """The n-th request of a run gets its stored answer if its prompt is the same; else `model` is asked."""

    def __init__(self, model: Model, journal: Journal, run: str, holder: str = "") -> None:
        """With `holder`, answers are stored only while that process holds the run."""
        self._model = model
        self._journal = journal
        self._run = run
        self._holder = holder
        self._next = 0
        self._stored = {call.seq: call for call in journal.completions(run)}

    @property
    def name(self) -> str:
        """The model behind."""
        return self._model.name

    def ahead(self) -> bool:
        """Whether the next answer is stored already, so that asking for it costs nothing."""
        return self._next in self._stored

    async def stream(self, prompt: Prompt) -> AsyncIterator[Delta | Completion]:
        """As any model; a new Completion comes after it was stored."""
        stored = self._stored.get(self._next)
        if stored is not None and stored.fingerprint == prompt.fingerprint:
            self._next += 1
            yield stored.completion
            return
        # What was stored from here on followed from another prompt.
        self._stored = {}
        async for piece in self._model.stream(prompt):
            if isinstance(piece, Completion):
                self._journal.record_completion(self._run, self._next, prompt, piece, self._holder)
                self._next += 1
            yield piece


class JournaledGate:
    """A draft that was judged in this run, in the same way, by the same gate, has its report already."""

    def __init__(self, gate: Judge, journal: Journal, run: str, version: str = VERSION) -> None:
        self._gate = gate
        self._journal = journal
        self._run = run
        self._version = version

    async def judge(
        self, subject: Subject, before: Iterable[StageResult] = ()
    ) -> AsyncGenerator[Started | StageResult | Report]:
        """As the gate; a new report comes after it was stored. A stored one comes with its stages, untold anew."""
        before = tuple(before)
        key = judgement_key(subject, before, self._version)
        stored = self._journal.report(self._run, key)
        if stored is not None and reusable(stored):
            for stage in stored.stages:
                yield StageResult(stage)
            yield stored
            return
        began = time.perf_counter()
        async with aclosing(self._gate.judge(subject, before)) as events:
            async for event in events:
                if isinstance(event, Report):
                    seconds = time.perf_counter() - began
                    self._journal.record_report(self._run, key, subject.draft, event, seconds)
                yield event
