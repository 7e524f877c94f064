"""Keeps a run's events as they happen, each once, however often the run is resumed.

A resumed run is the same loop over the same answers, so it tells the same events again.
The keeper walks along what is stored and keeps nothing that is there; where the run goes
another way (a prompt has changed since), what followed is taken back.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Mapping
from typing import Any

from assistant.errors import JournalError
from assistant.event_records import STREAMED, Advanced, Stopped, Waited, as_record
from assistant.events import Answered, Event, Streamed
from assistant.journal import Journal
from assistant.journal_records import RunState
from assistant.model.retry import Waiting

PAUSE = 0.15
"""Seconds between two writes of a streaming answer."""

PASSING = frozenset({"given", "advanced", "waited", "rewound", "stopped", "stage-started", STREAMED})
"""Kinds that a resumed run need not tell again: a stored report comes without the begin of its stages."""


class Keeper:
    """What one attempt to advance a run tells the history; `holder` must hold the run."""

    def __init__(self, journal: Journal, run: str, attempt: int, holder: str) -> None:
        self._journal, self._run, self._attempt, self._holder = journal, run, attempt, holder
        stored = journal.events_after(run, limit=None)
        self._known = [(each.seq, each.kind, _mark(each.kind, each.data)) for each in stored]
        self._at = 0
        """Where in `_known` the run is."""
        self._reached = 0
        """The number of the last stored event that it told again."""
        self._pieces: list[str] = []
        self._fresh = True
        self._flushed = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        """Say who advances the run."""
        self._tell(*as_record(Advanced(self._attempt, ":".join(self._holder.split(":")[:2]))))

    def keep(self, event: Event, more: Mapping[str, Any] | None = None, state: RunState | None = None) -> None:
        """Keep an event, unless it is kept already; `more` goes into its data, `state` into the run's row."""
        if isinstance(event, Streamed):
            self._stream(event)
            return
        if isinstance(event, Answered):
            self._drop()
        self.flush()
        kind, data = as_record(event)
        mark = _mark(kind, self._journal.redacted(data))
        detail = str(data.get("reason", "")) if state is not None else ""
        if self._again(kind, mark):
            if state is not None:
                self._journal.tell(self._run, self._attempt, [], holder=self._holder, state=state, detail=detail)
            return
        left = [seq for seq, known, _ in self._known[self._at :] if known not in PASSING]
        told = [(kind, data | dict(more or {}))]
        if left:
            told.insert(0, ("rewound", {"after": self._reached}))
        self._known = []
        self._journal.tell(
            self._run,
            self._attempt,
            told,
            holder=self._holder,
            back_to=self._reached if left else None,
            state=state,
            detail=detail,
        )

    def waited(self, waiting: Waiting) -> None:
        """Keep that the endpoint is waited for."""
        with contextlib.suppress(JournalError):
            self._tell(*as_record(Waited(waiting.reason, waiting.seconds, waiting.attempt, waiting.of)))

    def stopped(self, state: RunState, detail: str = "") -> None:
        """Keep that the run ended without a verdict, or goes back to the queue."""
        self._drop()
        told = [as_record(Stopped(state, detail))]
        self._journal.tell(self._run, self._attempt, told, holder=self._holder, state=state, detail=detail)

    def flush(self) -> None:
        """Keep what has streamed so far."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._pieces:
            self._tell(*as_record(Streamed("".join(self._pieces), self._fresh)))
            self._drop()
            self._fresh = False

    def _stream(self, event: Streamed) -> None:
        """Gather a piece; one write holds what came within PAUSE."""
        if event.fresh:
            self._drop()
            self._fresh = True
        self._pieces.append(event.text)
        if time.monotonic() - self._flushed >= PAUSE:
            self._flushed = time.monotonic()
            self.flush()
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(PAUSE, self._late)

    def _late(self) -> None:
        """Keep what came last before a silence; a write that fails is tried again with the next event."""
        self._timer = None
        self._flushed = time.monotonic()
        with contextlib.suppress(JournalError):
            self.flush()

    def _drop(self) -> None:
        """Forget the pieces that are not kept yet."""
        self._pieces.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _again(self, kind: str, mark: object) -> bool:
        """Whether this event is the next one that is stored; then the run has come that far."""
        for index in range(self._at, len(self._known)):
            seq, known, stored = self._known[index]
            if known == kind and stored == mark:
                self._at, self._reached = index + 1, seq
                return True
            if known not in PASSING:
                return False
        return False

    def _tell(self, kind: str, data: Mapping[str, Any]) -> None:
        """Keep one event."""
        self._journal.tell(self._run, self._attempt, [(kind, data)], holder=self._holder)


def _mark(kind: str, data: Mapping[str, Any]) -> object:
    """What makes two events of a kind the same: neither seconds, nor where an answer came from."""
    match kind:
        case "asked":
            return data["prompt"].get("fingerprint")
        case "answered":
            return data["completion"]["text"]
        case "stage-done":
            stage = data["result"]["stage"]
            return stage["name"], stage["state"]
        case "judged" | "finished":
            report = data["report"]
            stages = [(stage["name"], stage["state"]) for stage in report["stages"]]
            findings = [(each["rule"], each["location"]["path"], each["symbol"]) for each in report["findings"]]
            head = {key: data[key] for key in ("turn", "round", "outcome", "files") if key in data}
            return head, stages, findings
        case "read":
            return data["files"], list(data["changed"])
        case _:
            return dict(data)
