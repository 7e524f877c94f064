"""A run's drafts and reports, step by step, as the pages about files, changes and findings need them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any

from assistant.errors import JournalError
from assistant.event_records import Stored
from assistant.journal import Journal
from assistant.journal_records import RunRecord, report_from_dict
from evaluators.report import Report
from web.show.plain import one_line
from web.show.timeline import Timeline

KEPT = 24
"""Runs whose drafts are kept at hand."""


@dataclass(frozen=True)
class Snapshot:
    """A draft as it stood after an answer, with its report once it was judged."""

    name: str
    """For addresses: `1`, `2`, ...; `best` for the one that the run ended with."""
    title: str
    files: Mapping[str, str]
    changed: tuple[str, ...] = ()
    report: Report | None = None
    at: str = ""


@dataclass(frozen=True)
class Run:
    """A run with its drafts in order; the last one counts."""

    record: RunRecord
    snapshots: tuple[Snapshot, ...]
    evidence: Mapping[str, Any] | None
    """What was proved, once the run has ended."""
    model: str = ""

    @property
    def last(self) -> Snapshot | None:
        """What the run ended with, else the last draft that was judged, else the last one."""
        judged = [each for each in self.snapshots if each.report is not None]
        found = judged or list(self.snapshots)
        return found[-1] if found else None

    @property
    def rounds(self) -> tuple[Snapshot, ...]:
        """The drafts of the rounds, without the end's."""
        return tuple(each for each in self.snapshots if each.name != "best")

    def snapshot(self, name: str) -> Snapshot | None:
        """The draft of that name; the last one for the empty name."""
        return self.last if not name else next((each for each in self.snapshots if each.name == name), None)


class Runs:
    """Reads runs; what was read is kept, and only what is new is asked for. Safe from any thread."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._kept: OrderedDict[str, tuple[int, _Fold]] = OrderedDict()
        self._lock = Lock()

    def load(self, id: str) -> Run:
        """A run by its whole id. Raises UsageError where there is none."""
        record = self._journal.get(id)
        with self._lock:
            seq, fold = self._kept.get(record.id, (0, _Fold()))
        events = self._journal.events_after(record.id, seq, None)
        if any(event.kind == "rewound" for event in events):
            seq, fold = 0, _Fold()
            events = self._journal.events_after(record.id, 0, None)
        for event in events:
            fold = fold.after(event)
        if events:
            seq = events[-1].seq
        with self._lock:
            self._kept[record.id] = (seq, fold)
            self._kept.move_to_end(record.id)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return Run(record, fold.snapshots, fold.evidence, fold.model)


class Timelines:
    """Runs as steps; what was folded is kept, and only what is new is asked for. Safe from any thread."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._kept: OrderedDict[str, Timeline] = OrderedDict()
        self._lock = Lock()

    def load(self, id: str) -> Timeline:
        """A run's steps as they are now; the caller's own."""
        with self._lock:
            known = self._kept.get(id)
            made = known.copy() if known is not None else Timeline()
        events = self._journal.events_after(id, made.seq, None)
        if any(event.kind == "rewound" for event in events):
            made, events = Timeline(), self._journal.events_after(id, 0, None)
        for event in events:
            made.apply(event)
        with self._lock:
            self._kept[id] = made.copy()
            self._kept.move_to_end(id)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return made


@dataclass(frozen=True)
class _Fold:
    """A run's drafts so far."""

    snapshots: tuple[Snapshot, ...] = ()
    evidence: Mapping[str, Any] | None = None
    turn: str = ""
    round: int = 0
    model: str = ""

    def after(self, event: Stored) -> _Fold:
        """With one more event."""
        data = event.data
        if event.kind == "asked":
            prompt = data["prompt"]
            turn, number = one_line(str(prompt.get("turn", "")), 40), int(prompt.get("round", 0))
            return replace(self, turn=turn, round=number, model=one_line(str(data.get("model", "")), 80))
        if event.kind == "answered":
            return replace(self, model=one_line(str(data["completion"].get("model", "")), 80) or self.model)
        if event.kind in ("read", "given"):
            name = str(len(self.snapshots) + 1)
            title = self.title if event.kind == "read" else "as it was given"
            made = Snapshot(name, title, data["files"], tuple(data.get("changed", data["files"])), None, event.at)
            return replace(self, snapshots=(*self.snapshots, made))
        if event.kind == "judged" and self.snapshots:
            judged = replace(self.snapshots[-1], report=_report(data["report"]))
            return replace(self, snapshots=(*self.snapshots[:-1], judged))
        if event.kind == "finished":
            report = _report(data["report"])
            best = Snapshot("best", "the end", data["files"], (), report, event.at)
            kept = tuple(each for each in self.snapshots if each.name != "best")
            return replace(self, snapshots=(*kept, best), evidence=data.get("evidence"))
        return self

    @property
    def title(self) -> str:
        """What a round is called."""
        name = self.turn or "answer"
        return f"{name}, first answer" if not self.round else f"{name}, repair {self.round}"


def _report(data: Mapping[str, Any]) -> Report | None:
    """A stored report; None for one that this version cannot read."""
    try:
        return report_from_dict(data)
    except JournalError:
        return None
