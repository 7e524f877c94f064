"""One trial: the recorded answers, the loop of `write`, the proof for real."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import replace
from pathlib import Path

from assistant.experiment.evaluate import BUDGET
from assistant.experiment.plan import Choice, plan
from assistant.experiment.play import FULL, STATIC_ONLY, play
from assistant.experiment.results import Status, TrialResult
from assistant.library import Library
from evaluators.report import State

SHIPPED = Path(__file__).resolve().parents[3] / "prompts"


def played(case: str, arm: str = "recipe", depth: str = STATIC_ONLY, *more: Path) -> TrialResult:
    """The result of a shipped recording's first sample."""
    library = Library.load([SHIPPED, *more])
    trial = plan(library, Choice(cases=(case,), arms=(arm,), samples=("1",))).trials[0]
    return asyncio.run(play(trial, library, budget=BUDGET, depth=depth))[0]


def test_a_part_is_proved_whole_and_its_tests_are_weighed() -> None:
    found = played("acceptance-2", "bare", FULL)
    assert (found.status, found.verdict, found.answers, found.rounds) == (Status.SCORED, "passed", 1, 0)
    assert found.first and found.final
    assert set(found.final.rungs) == {"readable", "imports", "code", "part", "tests", "kills"}
    assert found.final.rungs["part"].state is State.PASSED
    assert found.final.rungs["kills"].reason.endswith("of 5 mutants noticed")
    assert set(found.files) >= {"auth.py", "tests/test_auth.py"}
    assert found.endpoint == "hand-fed"
    assert found.answer_seconds and found.proof_seconds > 0
    assert (found.tokens, found.usd) == (None, None), "the endpoint reported none, so none are made up"


def test_without_running_the_first_answers_of_both_turns_are_judged() -> None:
    found = played("acceptance-6")
    assert (found.status, found.answers, found.final, found.verdict) == (Status.SCORED, 2, None, "")
    assert found.first
    assert set(found.first.rungs) == {"readable", "sql", "contract", "agrees", "imports", "code"}
    assert list(found.prompts) == ["design", "code"]
    assert found.cassette == "recipes/logout/cassettes/acceptance-6/1.yaml"


def changed(folder: Path, part: str) -> Path:
    """A folder whose part overrides the shipped one with one more line."""
    place = folder / part
    place.parent.mkdir(parents=True)
    place.write_text((SHIPPED / part).read_text(encoding="utf-8") + "\nOne more line.\n", encoding="utf-8")
    return folder


def test_a_changed_prompt_makes_its_recording_stale(tmp_path: Path) -> None:
    found = played("acceptance-6", "recipe", STATIC_ONLY, changed(tmp_path, "recipes/logout/risks.md.j2"))
    assert (found.status, found.first, found.final) == (Status.STALE, None, None)
    assert "design round 0" in found.why


def test_a_changed_second_turn_leaves_the_first_turns_rungs_and_no_more(tmp_path: Path) -> None:
    folder = changed(tmp_path, "parts/frameworks/fastapi.md.j2")
    found = played("acceptance-6", "recipe", FULL, folder)
    assert (found.status, found.final) == (Status.STALE, None)
    assert "code round 0" in found.why
    assert found.first
    assert found.first.rungs["schema"].state is State.PASSED
    assert found.first.rungs["boots"].machine, "what was not played is in no rate"


def test_a_changed_second_turn_that_is_not_run_is_no_failure(tmp_path: Path) -> None:
    """Else any new line in a part would look like a regression."""
    folder = changed(tmp_path, "parts/frameworks/fastapi.md.j2")
    found = played("acceptance-6", "recipe", STATIC_ONLY, folder)
    assert (found.status, found.counts, found.final) == (Status.STALE, True, None)
    assert found.first
    assert found.first.rungs["sql"].state is State.PASSED
    assert found.first.rungs["imports"].machine


def test_a_second_turn_that_came_after_a_repair_is_in_no_rate_of_a_look(tmp_path: Path) -> None:
    library = Library.load([SHIPPED, changed(tmp_path, "parts/frameworks/fastapi.md.j2")])
    trial = plan(library, Choice(cases=("acceptance-6",), arms=("recipe",), samples=("1",))).trials[0]
    repair = replace(trial.label.takes[0], round=1, fingerprint="0" * 64)
    repaired = replace(trial, label=replace(trial.label, takes=(*trial.label.takes, repair)))
    found = asyncio.run(play(repaired, library, budget=BUDGET, depth=STATIC_ONLY))[0]
    assert (found.status, found.counts) == (Status.SCORED, True)
    assert found.first and found.first.rungs["sql"].state is State.PASSED
    assert found.first.rungs["imports"].machine


def test_a_recording_with_a_damaged_body_is_broken(tmp_path: Path) -> None:
    place = tmp_path / "recipes" / "logout"
    shutil.copytree(SHIPPED / "recipes" / "logout", place)
    file = place / "cassettes" / "acceptance-6" / "1.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text[: len(text) // 2], encoding="utf-8")
    found = played("acceptance-6", "recipe", STATIC_ONLY, tmp_path)
    assert (found.status, found.first, found.counts) == (Status.BROKEN, None, False)
