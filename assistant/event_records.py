"""A run's events as JSON and back, and what the history adds to those of the loop.

kind, data = as_record(event)
event = from_record(kind, data)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from assistant.errors import JournalError
from assistant.events import (
    Answered,
    Asked,
    Continued,
    Event,
    Finished,
    Judged,
    Outcome,
    Read,
    Repairing,
    StageDone,
    StageStarted,
    Streamed,
    TurnStarted,
)
from assistant.journal_records import RunState, report_as_dict, report_from_dict, result_from_dict
from assistant.model.base import Completion, Usage
from assistant.prompt import Message, Prompt
from evaluators.draft import Draft


@dataclass(frozen=True)
class Given:
    """Files that somebody gave to be judged; told when the run begins."""

    draft: Draft


@dataclass(frozen=True)
class Advanced:
    """A process began to advance the run, or goes on with it."""

    attempt: int
    """From 1."""
    by: str
    """Machine and process."""


@dataclass(frozen=True)
class Waited:
    """The endpoint failed in passing; it is asked again after `seconds`."""

    reason: str
    seconds: float
    retry: int
    """From 1."""
    of: int


@dataclass(frozen=True)
class Rewound:
    """What was told after event number `after`, and before this one, is taken back: the run goes another way."""

    after: int


@dataclass(frozen=True)
class Stopped:
    """The run ended without a verdict: cancelled, an error, or given back to the queue."""

    state: RunState
    detail: str


Happening = Event | Given | Advanced | Waited | Rewound | Stopped

STREAMED = "streamed"
"""The kind of events that go once the answer is whole."""

KINDS: dict[str, type[Happening]] = {
    "turn-started": TurnStarted,
    "asked": Asked,
    STREAMED: Streamed,
    "answered": Answered,
    "continued": Continued,
    "read": Read,
    "stage-started": StageStarted,
    "stage-done": StageDone,
    "judged": Judged,
    "repairing": Repairing,
    "finished": Finished,
    "given": Given,
    "advanced": Advanced,
    "waited": Waited,
    "rewound": Rewound,
    "stopped": Stopped,
}
"""Kind -> the event's class."""

_KIND_OF = {kept: kind for kind, kept in KINDS.items()}


@dataclass(frozen=True)
class Stored:
    """An event of the history."""

    seq: int
    """Its number: rises within the run, with gaps, and is never given twice."""
    attempt: int
    """The attempt to advance the run in which it happened, from 1."""
    at: str
    """When, ISO 8601 in UTC."""
    kind: str
    """One of KINDS."""
    data: Mapping[str, Any]

    @property
    def event(self) -> Happening:
        """The event itself. Raises JournalError for a kind that this version does not know."""
        return from_record(self.kind, self.data)

    def as_json(self) -> dict[str, Any]:
        """The same as JSON can hold it."""
        return asdict(self)


def as_record(event: Happening) -> tuple[str, dict[str, Any]]:
    """The event's kind and its data as JSON can hold it."""
    return _KIND_OF[type(event)], _data(event)


def _data(event: Happening) -> dict[str, Any]:
    """The event's data; values that are no plain dataclasses have their own spelling."""
    match event:
        case Asked():
            prompt = event.prompt
            # The fingerprint is of what was sent; a secret may be missing in what is kept.
            known = {"fingerprint": prompt.fingerprint, "size": prompt.size}
            return {"model": event.model, "prompt": asdict(prompt) | known}
        case Given():
            return {"files": _files(event.draft)}
        case Read():
            return {"changed": list(event.changed), "files": _files(event.draft)}
        case Judged():
            head = {"turn": event.turn, "round": event.round, "better": event.better}
            return {**head, "report": report_as_dict(event.report)}
        case Finished():
            head = {"outcome": event.outcome.value, "reason": event.reason}
            return {**head, "files": _files(event.draft), "report": report_as_dict(event.report)}
        case _:
            return asdict(event)


def from_record(kind: str, data: Mapping[str, Any]) -> Happening:
    """The reverse of `as_record`. Raises JournalError for what no event of ours is."""
    if kind not in KINDS:
        raise JournalError(f"an event of the kind {kind[:40]!r} is not known", "is a newer backwright writing here?")
    try:
        return _READERS.get(kind, KINDS[kind])(**data)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise JournalError(f"a stored event ({kind}) cannot be read: {error}") from None


def _files(draft: Draft) -> dict[str, str]:
    """A draft's files."""
    return {artifact.path: artifact.text for artifact in draft}


def _asked(prompt: Mapping[str, Any], model: str) -> Asked:
    """From JSON."""
    given = {key: value for key, value in prompt.items() if key not in ("fingerprint", "size")}
    given["messages"] = tuple(Message(**each) for each in prompt["messages"])
    return Asked(Prompt(**given | {key: tuple(prompt[key]) for key in ("parts", "missing")}), model)


def _answered(completion: Mapping[str, Any]) -> Answered:
    """From JSON."""
    return Answered(Completion(**{**completion, "usage": Usage(**completion["usage"])}))


def _read(changed: list[str], files: dict[str, str]) -> Read:
    """From JSON."""
    return Read(Draft.of(files), tuple(changed))


def _given(files: dict[str, str]) -> Given:
    """From JSON."""
    return Given(Draft.of(files))


def _stage_done(result: Mapping[str, Any]) -> StageDone:
    """From JSON."""
    return StageDone(result_from_dict(result))


def _judged(report: Mapping[str, Any], **head: Any) -> Judged:
    """From JSON."""
    return Judged(**head, report=report_from_dict(report))


def _finished(
    outcome: str, files: dict[str, str], report: Mapping[str, Any], reason: str, evidence: object = None
) -> Finished:
    """From JSON; the evidence is kept beside the event and is none of it."""
    return Finished(Outcome(outcome), Draft.of(files), report_from_dict(report), reason)


def _stopped(state: str, detail: str) -> Stopped:
    """From JSON."""
    return Stopped(RunState(state), detail)


_READERS: dict[str, Callable[..., Happening]] = {
    "given": _given,
    "asked": _asked,
    "answered": _answered,
    "read": _read,
    "stage-done": _stage_done,
    "judged": _judged,
    "finished": _finished,
    "stopped": _stopped,
}
