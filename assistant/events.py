"""What happens in a run, as values. The loop yields them; CLI and web show them."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from assistant.model.base import Completion
from assistant.prompt import Prompt
from evaluators.draft import Draft
from evaluators.report import Report, StageResult


class Outcome(enum.StrEnum):
    """How a run ended."""

    PASSED = "passed"
    FAILED = "failed"
    UNVERIFIED = "unverified"


@dataclass(frozen=True)
class TurnStarted:
    """A turn begins: `design` or `code`."""

    turn: str
    number: int
    of: int


@dataclass(frozen=True)
class Asked:
    """A prompt is on its way to the model."""

    prompt: Prompt
    model: str


@dataclass(frozen=True)
class Streamed:
    """A piece of the answer."""

    text: str
    fresh: bool = False
    """Whether the answer was begun again: what streamed before is void."""


@dataclass(frozen=True)
class Answered:
    """The whole answer is there."""

    completion: Completion


@dataclass(frozen=True)
class Continued:
    """The answer was cut; the rest is asked for."""

    path: str


@dataclass(frozen=True)
class Read:
    """The answer's files; `draft` is the whole draft that will be judged."""

    draft: Draft
    changed: tuple[str, ...]


@dataclass(frozen=True)
class StageStarted:
    """A stage of the gate begins."""

    stage: str


@dataclass(frozen=True)
class StageDone:
    """A stage of the gate is done."""

    result: StageResult


@dataclass(frozen=True)
class Judged:
    """The report over the whole draft."""

    turn: str
    round: int
    report: Report
    better: bool
    """Whether it is the best so far in this turn."""


@dataclass(frozen=True)
class Repairing:
    """What failed goes back to the model."""

    round: int
    findings: int


@dataclass(frozen=True)
class Finished:
    """The run is over: its best draft, that draft's report and why it ended."""

    outcome: Outcome
    draft: Draft
    report: Report
    reason: str


Event = (
    TurnStarted
    | Asked
    | Streamed
    | Answered
    | Continued
    | Read
    | StageStarted
    | StageDone
    | Judged
    | Repairing
    | Finished
)
