"""The ladder: what a report says of each rung, and what counts in a rate."""

from __future__ import annotations

import pytest

from assistant.experiment.ladder import LADDER, MACHINE, NOT_REACHED, STALE, TITLES, Mark, marks
from evaluators.finding import Finding, Location, Severity
from evaluators.gate import STAGES
from evaluators.report import Reason, Report, Stage, State

ALL = frozenset(STAGES)


def failed(*rules: str) -> tuple[Finding, ...]:
    """Errors of these rules."""
    return tuple(Finding(rule, Severity.ERROR, Location("a"), rule, "It is wrong.") for rule in rules)


def report(*stages: str, errors: tuple[Finding, ...] = ()) -> Report:
    """A report: `sql` passed, `sql-` failed, `sql?no-sandbox` unverified."""
    made = [Stage("answer", State.PASSED)]
    for text in stages:
        name, _, reason = text.partition("?")
        if reason:
            made.append(Stage(name, State.UNVERIFIED, Reason(reason)))
        else:
            made.append(Stage(name.rstrip("-"), State.FAILED if name.endswith("-") else State.PASSED))
    return Report(tuple(made), errors)


def states(given: Report, required: frozenset[str] = ALL) -> dict[str, str]:
    """Rung -> state, of one turn."""
    return {name: mark.state.value for name, mark in marks([(required, given)], required).items()}


def test_every_stage_that_a_recipe_may_require_has_a_rung() -> None:
    held = {stage for rung in LADDER for stage in rung.stages}
    assert held >= {"sql", "database", "contract", "cross", "code", "boot", "probes", "fuzz", "part", "tests"}
    assert list(TITLES)[-1] == "kills"


def test_what_was_not_asked_for_is_no_rung() -> None:
    found = states(report("sql"), frozenset({"sql"}))
    assert found == {"readable": "passed", "sql": "passed"}


@pytest.mark.parametrize(
    ("stage", "rule", "worse", "well"),
    [
        ("code-", "unknown-import", {"imports", "code"}, set()),
        ("code-", "blocking-call", {"code"}, {"imports"}),
        ("boot-", "boot-failed", {"boots", "serves"}, set()),
        ("boot-", "served-contract-differs", {"serves"}, {"boots"}),
        ("probes-", "accounts-enumerable", {"guarded", "probes"}, set()),
        ("probes-", "total-drifts", {"probes"}, {"guarded"}),
    ],
)
def test_a_stage_with_two_rungs_tells_them_apart_by_its_errors(
    stage: str, rule: str, worse: set[str], well: set[str]
) -> None:
    found = states(report(stage, errors=failed(rule)), frozenset({stage.rstrip("-")}))
    assert {name for name, state in found.items() if state == "failed"} == worse
    assert {name for name in found if found[name] == "passed"} == well | {"readable"}


def test_the_fuzzer_may_find_an_open_door_too() -> None:
    found = states(report("probes", "fuzz-", errors=failed("authentication-ignored")), frozenset({"probes", "fuzz"}))
    assert (found["guarded"], found["probes"], found["fuzz"]) == ("failed", "passed", "failed")


@pytest.mark.parametrize("reason", list(Reason))
def test_a_reason_lies_with_the_machine_or_with_the_answer(reason: Reason) -> None:
    mark = marks([(ALL, report(f"fuzz?{reason.value}"))], frozenset({"fuzz"}))["fuzz"]
    assert (mark.state, mark.reason, mark.machine) == (State.UNVERIFIED, reason.value, reason in MACHINE)


def test_reasons_that_follow_from_the_draft_count_against_it() -> None:
    """Else a draft that does not load would have fewer rungs to fail."""
    assert not {Reason.EARLIER_STAGE_FAILED, Reason.NOT_DELIVERED, Reason.NO_IDENTITY, Reason.NOT_PARSED} & MACHINE


def test_the_last_turn_that_asked_for_a_rung_answers_it() -> None:
    design = (frozenset({"sql"}), report("sql-"))
    code = (frozenset({"sql", "boot"}), report("sql", "boot"))
    required = frozenset({"sql", "boot"})
    assert marks([design, code], required)["sql"].state is State.PASSED
    assert marks([design], required)["sql"].state is State.FAILED
    assert marks([design], required)["boots"] == NOT_REACHED
    assert marks([design], required, STALE)["boots"].machine


def test_one_turn_that_was_not_readable_is_enough() -> None:
    broken = Report((Stage("answer", State.FAILED),))
    required = frozenset({"sql"})
    assert marks([(required, broken), (required, report("sql"))], required)["readable"].state is State.FAILED


def test_a_mark_is_written_and_read() -> None:
    for mark in (Mark(State.PASSED), Mark(State.FAILED, "x"), Mark(State.UNVERIFIED, "time-bound", machine=True)):
        assert Mark.from_dict(mark.as_dict()) == mark


def test_a_first_answer_is_not_mended_by_the_next_turn() -> None:
    """The code turn's draft has the design in it, which was repaired by then."""
    design, code = (frozenset({"sql"}), report("sql-")), (frozenset({"sql", "boot"}), report("sql", "boot"))
    required = frozenset({"sql", "boot"})
    assert marks([design, code], required, first=True)["sql"].state is State.FAILED
    assert marks([code, design], required, first=True)["sql"].state is State.FAILED
    assert marks([design, code], required)["sql"].state is State.PASSED
    assert marks([design, code], required, first=True)["boots"].state is State.PASSED


@pytest.mark.parametrize(
    ("before", "machine"), [("database?no-database", True), ("database-", False), ("database?not-delivered", False)]
)
def test_what_the_machine_kept_from_running_is_no_fault_of_the_answer(before: str, machine: bool) -> None:
    found = marks([(ALL, report(before, "boot?earlier-stage-failed"))], frozenset({"boot", "database"}))
    assert (found["boots"].state, found["boots"].machine) == (State.UNVERIFIED, machine)
    assert found["serves"].machine is machine
