"""A Report: what the gate found, stage by stage. Ground module."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from evaluators.finding import Finding, Severity


class State(enum.StrEnum):
    """The state of a stage, and the verdict of a report. There is no fourth."""

    PASSED = "passed"
    FAILED = "failed"
    UNVERIFIED = "unverified"


class Reason(enum.StrEnum):
    """Why a stage is unverified."""

    RULE_CRASHED = "rule-crashed"
    NOT_PARSED = "not-parsed"
    NOT_DELIVERED = "not-delivered"
    EARLIER_STAGE_FAILED = "earlier-stage-failed"
    NO_SANDBOX = "no-sandbox"
    NO_DATABASE = "no-database"
    NO_EXTENSION = "no-extension"
    NO_ENVIRONMENT = "no-environment"
    NO_STACK = "no-stack"
    NO_HARNESS = "no-harness"
    NO_CONTRACT = "no-contract"
    NO_IDENTITY = "no-identity"
    TIME_BOUND = "time-bound"
    TOOL_FAILED = "tool-failed"
    NOT_SUPPORTED = "not-supported"
    CANCELLED = "cancelled"
    NOTHING_TO_CHECK = "nothing-to-check"
    SUPPRESSED = "suppressed"


@dataclass(frozen=True)
class Stage:
    """One stage's outcome. `reason` is set when, and only when, it is unverified."""

    name: str
    state: State
    reason: Reason | None = None
    detail: str = ""
    """One line about the reason or about what was done (`52 statements, 38 rules`)."""
    seconds: float = 0.0

    def __post_init__(self) -> None:
        if (self.state is State.UNVERIFIED) != (self.reason is not None):
            raise ValueError(f"stage {self.name}: a reason goes with unverified, and only with it")


@dataclass(frozen=True)
class NotChecked:
    """Something that exists and was not judged, and why."""

    what: str
    why: str


class Means(enum.StrEnum):
    """What took a finding out of the verdict."""

    COMMENT = "comment"
    CONFIGURATION = "configuration"
    BASELINE = "baseline"


@dataclass(frozen=True)
class Suppressed:
    """A finding that was made and does not count, by what means and why."""

    finding: Finding
    means: Means
    reason: str


@dataclass(frozen=True)
class StageResult:
    """What one stage hands to the gate."""

    stage: Stage
    findings: tuple[Finding, ...] = ()
    not_checked: tuple[NotChecked, ...] = ()
    doubt: Reason | None = None
    """Why it would be unverified if no error failed it: what an error hides must not become a pass without it."""
    suppressed: tuple[Suppressed, ...] = ()


def judged(
    name: str,
    findings: tuple[Finding, ...] | list[Finding],
    *,
    detail: str = "",
    not_checked: tuple[NotChecked, ...] | list[NotChecked] = (),
    unverified: Reason | None = None,
) -> StageResult:
    """A stage's result from its findings: an error fails it, else `unverified` if given, else passed."""
    failed = any(finding.severity is Severity.ERROR for finding in findings)
    state = State.FAILED if failed else State.UNVERIFIED if unverified else State.PASSED
    reason = unverified if state is State.UNVERIFIED else None
    return StageResult(Stage(name, state, reason, detail), tuple(findings), tuple(not_checked), unverified)


@dataclass(frozen=True)
class Report:
    """Every stage's state and every finding; the verdict follows from the stages."""

    stages: tuple[Stage, ...] = ()
    findings: tuple[Finding, ...] = ()
    not_checked: tuple[NotChecked, ...] = ()
    suppressed: tuple[Suppressed, ...] = ()
    """Findings that were made and do not count."""

    @property
    def verdict(self) -> State:
        """Failed before unverified before passed; a report without a stage is unverified."""
        states = {stage.state for stage in self.stages}
        if State.FAILED in states:
            return State.FAILED
        return State.UNVERIFIED if State.UNVERIFIED in states or not states else State.PASSED

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that fail."""
        return tuple(finding for finding in self.findings if finding.severity is Severity.ERROR)

    def stage(self, name: str) -> Stage | None:
        """The stage called `name`, or None."""
        return next((stage for stage in self.stages if stage.name == name), None)
