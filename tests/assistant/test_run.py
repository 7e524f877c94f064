"""The loop: turns, rounds, evidence, and every way to stop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterable

import pytest

from assistant.budget import Budget, Ledger
from assistant.events import Asked, Continued, Event, Finished, Judged, Outcome, Repairing, Streamed, TurnStarted
from assistant.model.base import Completion
from assistant.model.scripted import ScriptedModel
from assistant.ordering import order_of
from assistant.run import PATIENCE, run
from assistant.session import may_land
from evaluators.draft import Draft, Subject
from evaluators.finding import Finding, Location, Severity
from evaluators.gate import Started
from evaluators.report import Reason, Report, StageResult, judged

SENTENCE = "Write a FastAPI route to transfer funds between two user accounts with JWT and PostgreSQL"
DESIGN = {"architecture.md": "# Design\n", "schema.sql": "SELECT 1;\n", "openapi.yaml": "openapi: 3.1.0\n"}
CODE = {
    "app/main.py": "app = 1\n",
    "tests/test_app.py": "def test(): ...\n",
    "requirements.txt": "fastapi\n",
    "README.md": "# Service\n",
    ".env.example": "PORT=8000\n",
}


def answer(files: dict[str, str]) -> str:
    """A chat answer that holds the files."""
    return "\n\n".join(f"````text {path}\n{text}````" for path, text in files.items()) + "\n"


def error(symbol: str, rule: str = "some-defect") -> Finding:
    """An error about `symbol`."""
    return Finding(rule, Severity.ERROR, Location("app/main.py", 1), symbol, f"{symbol} is wrong.")


class FakeGate:
    """Judges by the marks that a test puts into the files: one list of findings a pass."""

    def __init__(self, *passes: list[Finding] | Reason) -> None:
        self.passes = list(passes)
        self.subjects: list[Subject] = []

    async def judge(
        self, subject: Subject, before: Iterable[StageResult] = ()
    ) -> AsyncGenerator[Started | StageResult | Report]:
        self.subjects.append(subject)
        found = self.passes.pop(0) if self.passes else []
        results = list(before)
        yield Started("code")
        unverified = found if isinstance(found, Reason) else None
        results.append(judged("code", found if isinstance(found, list) else [], unverified=unverified))
        yield results[-1]
        findings = tuple(finding for result in results for finding in result.findings)
        yield Report(tuple(result.stage for result in results), findings)


Answers = list[str | Completion | BaseException]


def play(answers: Answers, gate: FakeGate, **limits: int) -> tuple[list[Event], ScriptedModel]:
    """All events of a run over scripted answers."""
    model = ScriptedModel(answers)

    async def collect() -> list[Event]:
        return [event async for event in run(order_of(SENTENCE), model, gate, Ledger(Budget(**limits)))]

    return asyncio.run(collect()), model


def finished(events: list[Event]) -> Finished:
    """The last event."""
    last = events[-1]
    assert isinstance(last, Finished)
    return last


def test_two_turns_pass_and_the_design_reaches_the_code_prompt() -> None:
    events, model = play([answer(DESIGN), answer(CODE)], FakeGate())
    end = finished(events)
    assert end.outcome is Outcome.PASSED
    assert set(end.draft.paths) == {*DESIGN, *CODE}
    assert [event.turn for event in events if isinstance(event, TurnStarted)] == ["design", "code"]
    assert "openapi: 3.1.0" in model.asked[1].messages[-1].content
    assert any(isinstance(event, Streamed) for event in events)


def test_only_the_last_turn_is_judged_deep_and_as_a_hostile_draft() -> None:
    gate = FakeGate()
    play([answer(DESIGN), answer(CODE)], gate)
    assert [subject.depth for subject in gate.subjects] == ["fast", "deep"]
    assert all(subject.hostile and subject.stack == "fastapi" for subject in gate.subjects)
    assert gate.subjects[0].required == {"sql", "database", "contract", "cross"}
    assert "tests" in gate.subjects[1].required


def test_a_finding_goes_back_and_the_changed_file_comes_home() -> None:
    mended = {"schema.sql": "SELECT 2;\n"}
    gate = FakeGate([error("schema")], [])
    events, model = play([answer(DESIGN), answer(mended), answer(CODE)], gate)
    end = finished(events)
    assert end.outcome is Outcome.PASSED
    assert [message.role for message in model.asked[1].messages] == ["system", "user", "assistant", "user"]
    assert "schema is wrong." in model.asked[1].messages[-1].content
    schema = end.draft.get("schema.sql")
    assert schema is not None and schema.text == "SELECT 2;\n"
    assert end.draft.get("architecture.md") is not None


def test_a_missing_artifact_is_a_finding_and_fails_the_turn() -> None:
    short = {path: text for path, text in DESIGN.items() if path != "openapi.yaml"}
    events, model = play([answer(short), answer({"openapi.yaml": "openapi: 3.1.0\n"}), answer(CODE)], FakeGate())
    judgments = [event for event in events if isinstance(event, Judged)]
    assert [finding.rule for finding in judgments[0].report.errors] == ["artifact-missing"]
    assert finished(events).outcome is Outcome.PASSED
    assert "openapi.yaml was asked for" in model.asked[1].messages[-1].content


def test_the_same_findings_again_stop_the_run_as_failed() -> None:
    gate = FakeGate([error("a")], [error("a")])
    events, model = play([answer(DESIGN)] * 3, gate)
    end = finished(events)
    assert (end.outcome, len(model.asked)) == (Outcome.FAILED, 2)
    assert "same findings" in end.reason


def test_a_worse_round_is_dropped_and_the_best_draft_kept() -> None:
    worse = {"schema.sql": "worse\n"}
    gate = FakeGate([error("a")], [error("a"), error("b")], [error("c"), error("d")])
    events, model = play([answer(DESIGN), answer(worse), answer(worse)], gate)
    end = finished(events)
    assert end.outcome is Outcome.FAILED
    assert "no better" in end.reason
    schema = end.draft.get("schema.sql")
    assert schema is not None and schema.text == DESIGN["schema.sql"]
    assert len(model.asked) == 1 + PATIENCE
    last = model.asked[2].messages
    assert "worse" not in last[2].content
    assert "dropped" in last[3].content and "b is wrong." in last[3].content


def test_the_budget_stops_the_run_with_what_it_has_and_never_as_passed() -> None:
    gate = FakeGate([error("a"), error("b")], [error("b")])
    events, model = play([answer(DESIGN)] * 4, gate, rounds=2)
    end = finished(events)
    assert (end.outcome, len(model.asked)) == (Outcome.FAILED, 2)
    assert "budget" in end.reason
    assert len(end.draft) == 3


def test_unverified_stops_without_a_repair_and_names_the_stage() -> None:
    events, model = play([answer(DESIGN), answer(CODE)], FakeGate([], Reason.NO_SANDBOX))
    end = finished(events)
    assert (end.outcome, len(model.asked)) == (Outcome.UNVERIFIED, 2)
    assert "code (no-sandbox)" in end.reason
    assert not any(isinstance(event, Repairing) for event in events)


def test_an_unverified_design_does_not_go_on_unless_that_stage_was_accepted() -> None:
    gate = FakeGate(Reason.NO_DATABASE)
    events, model = play([answer(DESIGN), answer(CODE)], gate)
    assert (finished(events).outcome, len(model.asked)) == (Outcome.UNVERIFIED, 1)

    async def accepted() -> list[Event]:
        order = order_of(SENTENCE, accepted=frozenset({"code"}))
        scripted = ScriptedModel([answer(DESIGN), answer(CODE)])
        return [event async for event in run(order, scripted, FakeGate(Reason.NO_DATABASE), Ledger(Budget()))]

    assert finished(asyncio.run(accepted())).outcome is Outcome.PASSED


def test_a_cut_answer_is_continued_where_it_stopped() -> None:
    whole = answer(DESIGN)
    cut = whole.index("openapi: 3.1.0") + 4
    first = Completion(whole[:cut], "scripted", finish_reason="length")
    events, model = play([first, whole[cut:], answer(CODE)], FakeGate())
    assert [event.path for event in events if isinstance(event, Continued)] == ["openapi.yaml"]
    contract = finished(events).draft.get("openapi.yaml")
    assert contract is not None and contract.text == DESIGN["openapi.yaml"]
    assert "openapi.yaml" in model.asked[1].messages[-1].content


def test_an_answer_without_files_is_a_finding_that_goes_back() -> None:
    events, _ = play(["I would rather talk about it.", answer(DESIGN), answer(CODE)], FakeGate())
    judgments = [event for event in events if isinstance(event, Judged)]
    assert "answer-without-files" in {finding.rule for finding in judgments[0].report.errors}
    assert finished(events).outcome is Outcome.PASSED


def test_a_models_error_ends_the_run_with_that_error() -> None:
    from assistant.errors import ModelBusy

    with pytest.raises(ModelBusy):
        play([ModelBusy("429 after all retries")], FakeGate())


def test_a_repair_prompt_keeps_the_first_message_so_that_caches_hit() -> None:
    gate = FakeGate([error("a")], [])
    events, model = play([answer(DESIGN), answer(DESIGN), answer(CODE)], gate)
    first, second = (event.prompt for event in events if isinstance(event, Asked) and event.prompt.turn == "design")
    assert first.messages == second.messages[:2]
    assert second.round == 1
    assert isinstance(finished(events).draft, Draft)
    assert len(model.asked) == 3


def test_a_time_budget_ends_a_slow_answer_with_what_there_is() -> None:
    class Slow(ScriptedModel):
        async def stream(self, prompt):  # type: ignore[no-untyped-def]
            if self.asked:
                await asyncio.sleep(30)
            async for piece in super().stream(prompt):
                yield piece

    async def collect() -> list[Event]:
        gate = FakeGate([error("a")])
        return [e async for e in run(order_of(SENTENCE), Slow([answer(DESIGN)]), gate, Ledger(Budget(seconds=0.5)))]

    end = finished(asyncio.run(collect()))
    assert (end.outcome, len(end.draft)) == (Outcome.FAILED, 3)
    assert "budget of 0.5 s" in end.reason


def test_time_that_runs_out_before_anything_was_judged_proves_nothing() -> None:
    class Slow(ScriptedModel):
        async def stream(self, prompt):  # type: ignore[no-untyped-def]
            await asyncio.sleep(30)
            async for piece in super().stream(prompt):
                yield piece

    model = Slow([answer(DESIGN), answer(CODE)])

    async def collect() -> list[Event]:
        return [e async for e in run(order_of(SENTENCE), model, FakeGate(), Ledger(Budget(seconds=0.2)))]

    events = asyncio.run(collect())
    end = finished(events)
    assert [event.turn for event in events if isinstance(event, TurnStarted)] == ["design"]
    assert (end.outcome, end.report.stages) == (Outcome.UNVERIFIED, ())
    assert may_land(end.outcome, end.report, frozenset()) == "nothing was judged"
