"""The ladder of proof: what an answer is worth, a rung each, read from the gate's reports.

A rung is `passed`, `failed` or `unverified` with its reason. Where the reason lies with the
machine (no sandbox, a tool that broke, a time bound) the rung is kept out of every rate;
where it lies with the draft (its schema does not load, so nothing could boot) the rung was
asked for and not reached, and counts as not passed. No model judges a model.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from evaluators.catalogue import rule_called
from evaluators.finding import Finding
from evaluators.gate import NEEDS
from evaluators.report import Reason, Report, Stage, State

MACHINE = frozenset(
    {
        Reason.CANCELLED,
        Reason.NO_DATABASE,
        Reason.NO_ENVIRONMENT,
        Reason.NO_EXTENSION,
        Reason.NO_HARNESS,
        Reason.NO_SANDBOX,
        Reason.NO_STACK,
        Reason.NOT_SUPPORTED,
        Reason.RULE_CRASHED,
        Reason.TIME_BOUND,
        Reason.TOOL_FAILED,
    }
)
"""Reasons that say something of the machine or the gate, and nothing of the answer."""


@dataclass(frozen=True)
class Mark:
    """One rung of one answer."""

    state: State
    reason: str = ""
    """Why it is unverified, or which rules failed it."""
    machine: bool = False
    """Unverified for a reason that does not lie with the answer: counts in no rate."""

    def as_dict(self) -> dict[str, Any]:
        """As JSON."""
        held: dict[str, Any] = {"state": self.state.value}
        if self.reason:
            held["reason"] = self.reason
        if self.machine:
            held["machine"] = True
        return held

    @classmethod
    def from_dict(cls, given: dict[str, Any]) -> Mark:
        """The reverse. Raises KeyError and ValueError."""
        return cls(State(given["state"]), str(given.get("reason", "")), bool(given.get("machine", False)))


PASSED = Mark(State.PASSED)
NOT_REACHED = Mark(State.UNVERIFIED, "an earlier turn did not pass")
STALE = Mark(State.UNVERIFIED, "the recording is stale", machine=True)


@dataclass(frozen=True)
class Rung:
    """One step: its name in files, its title in tables, the stages that it needs, and how a report answers."""

    name: str
    title: str
    stages: tuple[str, ...]
    """Stages of the gate that can answer; the rung is asked for where a recipe requires one of them."""
    judge: Callable[[Report, Stage], Mark]

    def of(self, report: Report, required: Iterable[str]) -> Mark | None:
        """What the report says of this rung; None where the turn did not ask for it."""
        wanted = set(required)
        for name in self.stages:
            if name in wanted:
                stage = report.stage(name)
                return NOT_REACHED if stage is None else self.judge(report, stage)
        return None


def _by_state(report: Report, stage: Stage) -> Mark:
    """A rung that is its stage."""
    if stage.state is State.PASSED:
        return PASSED
    if stage.reason is not None:
        return Mark(State.UNVERIFIED, stage.reason.value, stage.reason in MACHINE or _kept_from(report, stage))
    return Mark(State.FAILED, "")


def _kept_from(report: Report, stage: Stage) -> bool:
    """Whether a stage could not run because the machine could not do an earlier one."""
    if stage.reason is not Reason.EARLIER_STAGE_FAILED:
        return False
    needed = [found for name in NEEDS.get(stage.name, ()) if (found := report.stage(name)) is not None]
    return any(each.reason in MACHINE for each in needed) and not any(each.state is State.FAILED for each in needed)


def _without(rules: frozenset[str]) -> Callable[[Report, Stage], Mark]:
    """A rung that is failed by some errors of its stage only; the stage must have run."""

    def judge(report: Report, stage: Stage) -> Mark:
        failed = _named(report.errors, rules)
        if failed:
            return Mark(State.FAILED, failed)
        return PASSED if stage.state is State.FAILED else _by_state(report, stage)

    return judge


def _named(findings: Iterable[Finding], rules: frozenset[str]) -> str:
    """Which of the rules spoke."""
    return ", ".join(sorted({finding.rule for finding in findings if finding.rule in rules}))


AUTHORIZING = ("API1:", "API2:", "API5:")
"""OWASP API Security Top 10 2023: object level, authentication, function level."""


def _guarded(report: Report, stage: Stage) -> Mark:
    """Authenticated as asked: no probe got in, or at what is somebody else's, and the fuzzer found no open door."""
    failed = set()
    for finding in report.errors:
        rule = rule_called(finding.rule)
        probed = rule is not None and rule.family == "probes" and rule.owasp.startswith(AUTHORIZING)
        if probed or finding.rule == "authentication-ignored":
            failed.add(finding.rule)
    if failed:
        return Mark(State.FAILED, ", ".join(sorted(failed)))
    return PASSED if stage.state is State.FAILED else _by_state(report, stage)


_IMPORTS = frozenset(
    {
        "dependency-not-in-stack",
        "import-fails",
        "name-not-defined-there",
        "syntax-error",
        "unknown-import",
    }
)
_BOOTS = frozenset(
    {"application-ambiguous", "application-missing", "boot-failed", "boot-without-answer", "sigterm-ignored"}
)
LADDER: tuple[Rung, ...] = (
    Rung("readable", "answer readable and whole", ("answer",), _by_state),
    Rung("sql", "SQL lints", ("sql",), _by_state),
    Rung("schema", "schema runs", ("database",), _by_state),
    Rung("contract", "contract valid", ("contract",), _by_state),
    Rung("agrees", "schema, contract and code agree", ("cross",), _by_state),
    Rung("imports", "code imports", ("code",), _without(_IMPORTS)),
    Rung("code", "code lints", ("code",), _by_state),
    Rung("boots", "boots", ("boot",), _without(_BOOTS)),
    Rung("serves", "serves its contract", ("boot",), _by_state),
    Rung("part", "the part works where it is mounted", ("part",), _by_state),
    Rung("guarded", "authenticated as asked", ("probes",), _guarded),
    Rung("probes", "probes clean", ("probes",), _by_state),
    Rung("fuzz", "survives fuzzing", ("fuzz",), _by_state),
    Rung("tests", "its tests run", ("tests",), _by_state),
)
"""The rungs, in the order of tables; `kills` is judged apart (assistant/experiment/killing.py)."""

KILLS = "kills"
"""The rung of the tests' worth: they fail on copies with one defect each."""

TITLES = {rung.name: rung.title for rung in LADDER} | {KILLS: "its tests kill mutants"}
"""Rung -> title, in the order of tables."""


def marks(
    judged: Sequence[tuple[frozenset[str], Report]],
    required: frozenset[str],
    absent: Mark = NOT_REACHED,
    *,
    first: bool = False,
) -> dict[str, Mark]:
    """The rungs of a run.

    `judged` holds, for each turn in its order, the stages that it required and the report on its
    answer; a rung is answered by the last turn that asked for it, for what was sent last is what
    counts. With `first` the worst turn answers: the design that a later turn has in it was repaired
    by then. `required` holds the stages of all turns: what no turn got to is `absent`.
    """
    found: dict[str, Mark] = {}
    for rung in LADDER:
        if rung.name == "readable":
            found[rung.name] = _readable([report for _, report in judged])
            continue
        if not set(rung.stages) & required:
            continue
        found[rung.name], reached = absent, False
        for stages, report in judged:
            mark = rung.of(report, stages)
            if mark is not None and not (first and reached and _WORTH[mark.state] > _WORTH[found[rung.name].state]):
                found[rung.name], reached = mark, True
    return found


_WORTH = {State.FAILED: 0, State.UNVERIFIED: 1, State.PASSED: 2}


def _readable(reports: Sequence[Report]) -> Mark:
    """Every turn's answer was readable."""
    stages = [stage for report in reports if (stage := report.stage("answer")) is not None]
    if not stages:
        return Mark(State.UNVERIFIED, "no answer", machine=True)
    worst = next((stage for stage in stages if stage.state is not State.PASSED), stages[0])
    return _by_state(reports[0], worst)
