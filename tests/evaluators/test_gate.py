"""The gate's order and its honesty: what runs, what stands on what, and what a crash is."""

from __future__ import annotations

import asyncio
import sys
from types import ModuleType

import pytest

from evaluators import gate
from evaluators.bench import Bench
from evaluators.draft import Draft, Subject
from evaluators.finding import Finding, Location, Severity
from evaluators.gate import Gate, Started
from evaluators.policy import Policy, Suppression
from evaluators.report import Reason, Report, StageResult, State, judged
from evaluators.terms import Terms

SEEN: list[tuple[str, str]] = []


def stage(name: str, *, fails: bool = False, crashes: bool = False, applies: bool = True) -> ModuleType:
    """A stage's module that does as it is told and notes how deep it was asked to go."""
    module = ModuleType(f"fake_stage_{name}")

    async def judge(subject: Subject, bench: Bench) -> StageResult:
        SEEN.append((name, subject.depth))
        if crashes:
            raise KeyError("x")
        finding = Finding(f"{name}-defect", Severity.ERROR, Location("a.py", 1), "a", "Wrong.")
        return judged(name, [finding] if fails else [])

    module.NAME, module.applies, module.judge = name, lambda subject: applies, judge  # type: ignore[attr-defined]
    return module


def play(monkeypatch: pytest.MonkeyPatch, *modules: ModuleType, required: frozenset[str] = frozenset()) -> Report:
    """The report of a gate that has just these stages."""
    SEEN.clear()
    for module in modules:
        monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(gate, "STAGES", {module.NAME: module.__name__ for module in modules})

    async def run() -> Report:
        subject = Subject(Draft(), depth="deep", required=required)
        events = [event async for event in Gate().judge(subject)]
        assert [event.stage for event in events if isinstance(event, Started)]
        assert isinstance(events[-1], Report)
        return events[-1]

    return asyncio.run(run())


def test_the_stages_run_cheapest_first_and_the_fuzzer_last() -> None:
    stages = [
        "sql",
        "migrations",
        "database",
        "contract",
        "cross",
        "breaking",
        "code",
        "queries",
        "boot",
        "part",
        "tests",
        "probes",
        "fuzz",
    ]
    assert list(gate.STAGES) == stages


def test_all_that_passed_is_passed_and_goes_deep(monkeypatch: pytest.MonkeyPatch) -> None:
    report = play(monkeypatch, stage("sql"), stage("fuzz"))
    assert report.verdict is State.PASSED
    assert SEEN == [("sql", "deep"), ("fuzz", "deep")]


def test_what_failed_already_is_not_judged_deep(monkeypatch: pytest.MonkeyPatch) -> None:
    report = play(monkeypatch, stage("tests", fails=True), stage("fuzz"))
    assert report.verdict is State.FAILED
    assert SEEN == [("tests", "deep"), ("fuzz", "fast")]


def test_a_crash_is_unverified_and_the_others_still_judge(monkeypatch: pytest.MonkeyPatch) -> None:
    report = play(monkeypatch, stage("sql", crashes=True), stage("code"))
    assert [(s.name, s.state, s.reason) for s in report.stages] == [
        ("sql", State.UNVERIFIED, Reason.TOOL_FAILED),
        ("code", State.PASSED, None),
    ]
    assert report.verdict is State.UNVERIFIED


def test_a_stage_without_its_ground_is_unverified(monkeypatch: pytest.MonkeyPatch) -> None:
    report = play(monkeypatch, stage("database", fails=True), stage("boot"), stage("fuzz"))
    assert [found.reason for found in report.stages] == [None, Reason.EARLIER_STAGE_FAILED, Reason.EARLIER_STAGE_FAILED]
    assert SEEN == [("database", "deep")]


def test_what_is_required_and_not_there_is_unverified_never_passed(monkeypatch: pytest.MonkeyPatch) -> None:
    report = play(monkeypatch, stage("sql"), stage("boot", applies=False), required=frozenset({"sql", "boot"}))
    assert report.stages[1].reason is Reason.NOT_DELIVERED
    assert report.verdict is State.UNVERIFIED


def test_what_did_not_run_is_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    report = play(monkeypatch, stage("sql"), stage("boot", applies=False))
    assert [each.what for each in report.not_checked] == ["stage boot"]


def test_a_report_without_a_stage_is_unverified() -> None:
    assert Report().verdict is State.UNVERIFIED


def settled_play(monkeypatch: pytest.MonkeyPatch, terms: Terms, *modules: ModuleType, hostile: bool = False) -> Report:
    """The report of a gate with terms."""
    for module in modules:
        monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(gate, "STAGES", {module.NAME: module.__name__ for module in modules})

    async def run() -> Report:
        files = {"openapi.yaml": "x-backwright-allow: {a-b: c}\n", "schema.sql": "/* backwright: allow a-b: c */\n"}
        subject = Subject(Draft.of(files), hostile=hostile)
        events = [event async for event in Gate(None, terms).judge(subject)]
        assert isinstance(events[-1], Report)
        return events[-1]

    return asyncio.run(run())


def test_what_is_suppressed_fails_neither_its_stage_nor_what_stands_on_it(monkeypatch: pytest.MonkeyPatch) -> None:
    comment = Suppression(Location("a.py", 1, 9), ("sql-defect", "code-defect"), "why", whole=True)
    report = settled_play(
        monkeypatch, Terms(Policy(suppressions=(comment,))), stage("sql", fails=True), stage("code", fails=True)
    )
    assert [(each.name, each.state) for each in report.stages] == [
        ("sql", State.PASSED), ("code", State.PASSED), ("suppressions", State.PASSED),
    ]  # fmt: skip
    assert report.findings == () and len(report.suppressed) == 2 and report.verdict is State.PASSED


def test_a_database_that_did_not_take_the_schema_proves_nothing_suppressed_or_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    comment = Suppression(Location("a.py", 1, 9), ("database-defect",), "why", whole=True)
    terms = Terms(Policy(suppressions=(comment,)))
    report = settled_play(monkeypatch, terms, stage("database", fails=True), stage("fuzz"))
    assert [(each.name, each.reason) for each in report.stages[:2]] == [
        ("database", Reason.SUPPRESSED), ("fuzz", Reason.EARLIER_STAGE_FAILED),
    ]  # fmt: skip
    assert report.verdict is State.UNVERIFIED


def test_a_draft_without_code_that_speaks_to_its_judge_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    report = settled_play(monkeypatch, Terms(Policy()), stage("sql"), hostile=True)
    assert {(each.rule, each.location.path) for each in report.findings} == {
        ("draft-configures-judge", "openapi.yaml"), ("draft-configures-judge", "schema.sql"),
    }  # fmt: skip
