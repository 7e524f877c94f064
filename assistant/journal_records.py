"""What the run history holds, as values, and their JSON."""

from __future__ import annotations

import enum
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from assistant.errors import JournalError
from assistant.model.base import Completion
from evaluators.draft import Subject
from evaluators.finding import Finding, Location, Severity
from evaluators.report import NotChecked, Reason, Report, Stage, StageResult, State


class RunState(enum.StrEnum):
    """Where a run stands."""

    RUNNING = "running"
    """Begun and not ended: at work now, or stopped by kill -9 or power."""
    PASSED = "passed"
    FAILED = "failed"
    UNVERIFIED = "unverified"
    CANCELLED = "cancelled"
    """Stopped by Ctrl-C."""
    ERROR = "error"
    """Stopped by an error of ours or of the endpoint; `detail` says which."""


@dataclass(frozen=True)
class RunRecord:
    """One run. Times are ISO 8601 in UTC."""

    id: str
    created: str
    updated: str
    state: RunState
    detail: str
    sentence: str
    brief: Mapping[str, Any]
    recipe: str
    project: str
    """The folder it works for; empty for none."""
    options: Mapping[str, Any]
    """What else is needed to go on with it, as its beginner chose."""


@dataclass(frozen=True)
class Call:
    """One request to a model and its answer."""

    seq: int
    turn: str
    round: int
    fingerprint: str
    size: int
    """The prompt's, in characters."""
    messages: tuple[Mapping[str, str], ...]
    completion: Completion
    at: str
    superseded: bool = False
    """Whether a later answer took its place: its prompt had changed."""


@dataclass(frozen=True)
class Judgement:
    """One report of the gate on one draft."""

    seq: int
    key: str
    files: Mapping[str, str]
    report: Report
    seconds: float
    at: str


@dataclass(frozen=True)
class Noted:
    """One event."""

    kind: str
    data: Mapping[str, Any]
    at: str


TRANSIENT = frozenset(
    {
        Reason.CANCELLED,
        Reason.TIME_BOUND,
        Reason.TOOL_FAILED,
        Reason.RULE_CRASHED,
        Reason.NO_SANDBOX,
        Reason.NO_DATABASE,
        Reason.NO_ENVIRONMENT,
    }
)
"""Reasons that may be gone next time: such a report is kept, but the gate is asked again."""


def reusable(report: Report) -> bool:
    """Whether a stored report answers for a new pass of the gate."""
    return not any(stage.reason in TRANSIENT for stage in report.stages)


def judgement_key(subject: Subject, before: Iterable[StageResult], version: str) -> str:
    """What a report depends on, hashed: the draft, how it is judged, earlier results, the gate's version."""
    earlier = [
        (result.stage.name, result.stage.state, sorted((each.fingerprint, each.message) for each in result.findings))
        for result in before
    ]
    how = (subject.dialect, subject.stack, subject.depth, sorted(subject.required), subject.hostile, subject.options)
    files = [(artifact.path, artifact.role, artifact.text) for artifact in subject.draft]
    text = json.dumps([version, how, earlier, files], ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def report_as_dict(report: Report) -> dict[str, Any]:
    """A report as JSON can hold it; nothing is left out."""
    return asdict(report)


def report_from_dict(given: Mapping[str, Any]) -> Report:
    """The reverse. Raises JournalError for what no report of ours is."""
    try:
        return Report(
            stages=tuple(_stage(each) for each in given["stages"]),
            findings=tuple(_finding(each) for each in given["findings"]),
            not_checked=tuple(NotChecked(**each) for each in given["not_checked"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise JournalError(f"a stored report cannot be read: {error}") from None


def _stage(given: Mapping[str, Any]) -> Stage:
    """A stage from JSON."""
    reason = Reason(given["reason"]) if given["reason"] else None
    return Stage(**{**given, "state": State(given["state"]), "reason": reason})


def _finding(given: Mapping[str, Any]) -> Finding:
    """A finding from JSON."""
    places = tuple(Location(**place) for place in given["places"])
    location = Location(**given["location"])
    return Finding(**{**given, "severity": Severity(given["severity"]), "location": location, "places": places})
