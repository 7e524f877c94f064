"""What the run history holds, as values, and their JSON."""

from __future__ import annotations

import enum
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from assistant.errors import JournalError
from assistant.model.base import Completion, Usage
from evaluators.draft import Subject
from evaluators.finding import Finding, Location, Severity
from evaluators.report import Means, NotChecked, Reason, Report, Stage, StageResult, State, Suppressed


class RunState(enum.StrEnum):
    """Where a run stands."""

    QUEUED = "queued"
    """Waits for a worker: new, or given back by one."""
    RUNNING = "running"
    """Begun and not ended: at work now, or stopped by kill -9 or power."""
    PASSED = "passed"
    FAILED = "failed"
    UNVERIFIED = "unverified"
    CANCELLED = "cancelled"
    """Stopped by Ctrl-C, or because somebody asked for it."""
    ERROR = "error"
    """Stopped by an error of ours or of the endpoint; `detail` says which."""

    @property
    def over(self) -> bool:
        """Whether nobody advances the run any more, unless it is resumed."""
        return self not in (RunState.QUEUED, RunState.RUNNING)


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
    owner: str = ""
    """Who began it; empty for the command line."""
    kind: str = "write"
    """`write`: a model is asked; `check`: files that were given are judged."""
    cancel: bool = False
    """Whether somebody asked for its end."""
    attempts: int = 0
    """How often a process began to advance it."""
    dispatched: int = 0
    """How often it was put into the queue; 0: it never was, and no worker takes it."""
    holder: str = ""
    """The process that advances it, or the last one that did and was killed: machine, number, start, chance."""
    held_until: float = 0.0
    """Until when its lease holds, in seconds since 1970."""


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
            suppressed=tuple(_suppressed(each) for each in given.get("suppressed", ())),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise JournalError(f"a stored report cannot be read: {error}") from None


def result_from_dict(given: Mapping[str, Any]) -> StageResult:
    """A stage's result from JSON (`asdict`). Raises JournalError."""
    try:
        return StageResult(
            stage=_stage(given["stage"]),
            findings=tuple(_finding(each) for each in given["findings"]),
            not_checked=tuple(NotChecked(**each) for each in given["not_checked"]),
            doubt=Reason(given["doubt"]) if given["doubt"] else None,
            suppressed=tuple(_suppressed(each) for each in given["suppressed"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise JournalError(f"a stored stage cannot be read: {error}") from None


def _suppressed(given: Mapping[str, Any]) -> Suppressed:
    """A finding that does not count, from JSON."""
    return Suppressed(_finding(given["finding"]), Means(given["means"]), given["reason"])


def _stage(given: Mapping[str, Any]) -> Stage:
    """A stage from JSON."""
    reason = Reason(given["reason"]) if given["reason"] else None
    return Stage(**{**given, "state": State(given["state"]), "reason": reason})


def _finding(given: Mapping[str, Any]) -> Finding:
    """A finding from JSON."""
    places = tuple(Location(**place) for place in given["places"])
    location = Location(**given["location"])
    return Finding(**{**given, "severity": Severity(given["severity"]), "location": location, "places": places})


def run_of(row: Mapping[Any, Any]) -> RunRecord:
    """A row of `runs`."""
    given = {key: row[key] for key in row if key != "events"}
    given |= {"state": RunState(row["state"]), "cancel": bool(row["cancel"])}
    return RunRecord(**{**given, "brief": json.loads(row["brief"]), "options": json.loads(row["options"])})


def call_of(row: Mapping[Any, Any]) -> Call:
    """A row of `calls`."""
    usage = Usage(**json.loads(row["usage"]))
    completion = Completion(row["answer"], row["model"], row["finish"], usage, row["seconds"], row["origin"])
    messages = tuple(json.loads(row["messages"]))
    head = {key: row[key] for key in ("seq", "turn", "round", "fingerprint", "size", "at")}
    return Call(**head, messages=messages, completion=completion, superseded=bool(row["superseded"]))


def judgement_of(row: Mapping[Any, Any]) -> Judgement:
    """A row of `reports`."""
    report = report_from_dict(json.loads(row["report"]))
    return Judgement(row["seq"], row["key"], json.loads(row["files"]), report, row["seconds"], row["at"])
