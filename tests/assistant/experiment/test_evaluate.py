"""An evaluation as a whole: cores, cache, what breaks, and the file."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from small_library import held, make

from assistant.errors import UsageError
from assistant.experiment import evaluate as evaluating
from assistant.experiment.evaluate import Progress, Ways, evaluate
from assistant.experiment.ladder import STALE, Mark
from assistant.experiment.plan import Choice
from assistant.experiment.play import STATIC_ONLY
from assistant.experiment.results import Key, Results, Score, Status, TrialResult
from evaluators.report import State

SHIPPED = Path(__file__).resolve().parents[3] / "prompts"
TWO = Choice(cases=("acceptance-2", "acceptance-5"))


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache of its own."""
    monkeypatch.setenv("BACKWRIGHT_CACHE", str(tmp_path / "cache"))


def static(choice: Choice, *more: Path, fresh: bool = False, told: list[Progress] | None = None) -> Results:
    """An evaluation that runs nothing."""
    ways = Ways(STATIC_ONLY, fresh=fresh)
    return evaluate(choice, ways, folders=(SHIPPED, *more), progress=(told if told is not None else []).append)


def test_what_is_unchanged_comes_from_the_cache_and_says_so() -> None:
    told: list[Progress] = []
    first = static(TWO, told=told)
    assert [trial.cached for trial in first.trials] == [False] * 4
    assert [(each.done, each.of) for each in told] == [(1, 4), (2, 4), (3, 4), (4, 4)]
    again = static(TWO)
    assert [trial.cached for trial in again.trials] == [True] * 4
    assert [trial.first for trial in again.trials] == [trial.first for trial in first.trials]
    assert [trial.cached for trial in static(TWO, fresh=True).trials] == [False] * 4


def test_a_changed_prompt_is_not_answered_by_the_cache(tmp_path: Path) -> None:
    static(Choice(cases=("acceptance-2",)))
    part = tmp_path / "project" / "parts" / "house.md.j2"
    part.parent.mkdir(parents=True)
    part.write_text("Be careful.\n", encoding="utf-8")
    found = static(Choice(cases=("acceptance-2",)), tmp_path / "project")
    assert {trial.key.arm: (trial.status, trial.cached) for trial in found.trials} == {
        "bare": (Status.SCORED, True),
        "recipe": (Status.STALE, False),
    }


def test_the_file_has_the_prompts_and_reads_back(tmp_path: Path) -> None:
    found = static(TWO)
    found.write(tmp_path / "deep" / "results.json")
    assert Results.read(tmp_path / "deep" / "results.json") == found
    assert set(found.sources) == {"bare", "jwt-middleware", "sqlalchemy-model"}
    house = found.sources["jwt-middleware"]["parts/house.md.j2"]
    assert found.texts[house] == (SHIPPED / "parts" / "house.md.j2").read_text(encoding="utf-8")
    assert str(SHIPPED) not in (tmp_path / "deep" / "results.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("text", ["", "[]", '{"version": 99, "trials": []}', '{"version": 1}', "\xff"])
def test_what_is_no_result_is_one_line(tmp_path: Path, text: str) -> None:
    file = tmp_path / "results.json"
    file.write_bytes(text.encode("latin-1"))
    with pytest.raises(UsageError, match="not results of an evaluation"):
        Results.read(file)


def test_a_case_without_a_recording_is_told_with_the_command() -> None:
    missing = [
        trial
        for trial in static(Choice(recipes=("service",), models=("nobody",), cases=("bank",))).trials
        if trial.status is Status.MISSING
    ]
    assert [(trial.key.case, trial.key.arm) for trial in missing] == [("bank", "bare"), ("bank", "recipe")]
    assert "backwright eval --record --recipe service --case bank --arm bare" in missing[0].why


def test_a_trial_that_takes_its_process_with_it_is_broken_and_the_others_go_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    place = tmp_path / "project" / "recipes" / "jwt-middleware"
    shutil.copytree(SHIPPED / "recipes" / "jwt-middleware", place)
    monkeypatch.setattr(evaluating, "_play", _die_on_acceptance_2)
    found = static(TWO)
    assert {str(trial.key): trial.status for trial in found.trials} == {
        "jwt-middleware/acceptance-2/bare/claude/1": Status.BROKEN,
        "jwt-middleware/acceptance-2/recipe/claude/1": Status.BROKEN,
        "sqlalchemy-model/acceptance-5/bare/claude/1": Status.SCORED,
        "sqlalchemy-model/acceptance-5/recipe/claude/1": Status.SCORED,
    }
    assert all(not trial.cached for trial in static(TWO).trials if trial.status is Status.BROKEN)


_real = evaluating._play


def _die_on_acceptance_2(given: dict[str, object]) -> object:
    """Play, or end the process as the kernel would."""
    key = given["key"]
    assert isinstance(key, dict)
    if key["case"] == "acceptance-2":
        os._exit(9)
    return _real(given)


def test_evidence_is_written_for_each_trial(tmp_path: Path) -> None:
    ways = Ways(STATIC_ONLY, evidence=tmp_path / "evidence")
    found = evaluate(Choice(cases=("acceptance-2",)), ways, folders=(SHIPPED,))
    written = {path.name for path in (tmp_path / "evidence").iterdir()}
    assert (
        written
        == {trial.evidence for trial in found.trials}
        == {
            "jwt-middleware-acceptance-2-bare-claude-1.json",
            "jwt-middleware-acceptance-2-recipe-claude-1.json",
        }
    )


def test_evidence_of_any_model_has_a_file_of_its_own(tmp_path: Path) -> None:
    names = set()
    for model in ("a/b", "a_b", "a b", "../x", "a\0b", "m" * 300, "m" * 301):
        result = TrialResult(Key("list", "cars", "recipe", model, "1"), Status.SCORED)
        names.add(evaluating._write_evidence(tmp_path / "evidence", result, {"said": "half \ud800"}))
    assert {path.name for path in (tmp_path / "evidence").iterdir()} == names
    assert len(names) == 7
    assert {path.name for path in tmp_path.iterdir()} == {"evidence"}
    written = (tmp_path / "evidence" / min(names)).read_text(encoding="utf-8")
    assert json.loads(written) == {"said": "half \ud800"}


def recorded(project: Path) -> Path:
    """A project with one case and one recording of it."""
    make(project, {"list": {"cars": "lists cars"}})
    return held(project, "list", "cars", answers=("```sql schema.sql\nCREATE TABLE cars (id integer);\n```\n",))


def test_a_recording_that_is_no_text_is_told_and_ends_nothing(tmp_path: Path) -> None:
    path = recorded(tmp_path / "project")
    # Further on than the head is read.
    path.write_bytes(path.read_bytes() + b"#" + b"x" * 100_000 + b"\xff\n")
    found = evaluate(Choice(arms=("recipe",)), Ways(STATIC_ONLY), folders=(tmp_path / "project",))
    (trial,) = found.trials
    assert trial.status is not Status.SCORED
    assert "recipes/list/cassettes/cars/1.yaml: cannot be read" in trial.why
    assert str(tmp_path) not in json.dumps(found.as_dict()), "a file of results names no folder of a machine"


@pytest.mark.parametrize(
    ("status", "mark", "kept"),
    [
        (Status.SCORED, Mark(State.FAILED), True),
        (Status.SCORED, Mark(State.UNVERIFIED, "time-bound", machine=True), False),
        (Status.STALE, STALE, True),
        (Status.STALE, Mark(State.UNVERIFIED, "time-bound", machine=True), False),
        (Status.BROKEN, Mark(State.PASSED), False),
    ],
)
def test_what_a_machine_could_not_judge_is_not_kept(status: Status, mark: Mark, kept: bool) -> None:
    """A time bound changes what is asked next, so a recording may be stale for it alone."""
    result = TrialResult(Key("list", "cars", "recipe", "m", "1"), status, first=Score({"schema": mark}))
    assert evaluating._may_be_kept(result) is kept


def test_a_damaged_cache_is_no_result(tmp_path: Path) -> None:
    recorded(tmp_path / "project")
    choice, folders = Choice(arms=("recipe",)), (tmp_path / "project",)
    evaluate(choice, Ways(STATIC_ONLY), folders=folders)
    damaged = 0
    for file in (tmp_path / "cache").rglob("*.json"):
        value = json.loads(file.read_text(encoding="utf-8"))
        if "result" in value:
            value["result"]["first"]["rungs"] = []
            file.write_text(json.dumps(value), encoding="utf-8")
            damaged += 1
    assert damaged == 1
    (trial,) = evaluate(choice, Ways(STATIC_ONLY), folders=folders).trials
    assert (trial.status, trial.cached) == (Status.SCORED, False)


def test_a_worker_ends_with_the_process_that_made_it(tmp_path: Path) -> None:
    """Killed with -9, an evaluation leaves nothing that goes on."""
    program = tmp_path / "main.py"
    program.write_text(
        """
import multiprocessing, os, sys, time
from concurrent.futures import ProcessPoolExecutor
from assistant.experiment.evaluate import _end_with_parent

def pid():
    return os.getpid()

if __name__ == "__main__":
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(1, mp_context=context, initializer=_end_with_parent)
    print(pool.submit(pid).result(), flush=True)
    time.sleep(60)
""",
        encoding="utf-8",
    )
    root = str(SHIPPED.parent)
    with subprocess.Popen(
        [sys.executable, str(program)], stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": root}
    ) as made:
        assert made.stdout is not None
        worker = Path("/proc") / made.stdout.readline().strip()
        assert worker.is_dir()
        made.kill()
        until = time.monotonic() + 20
        while worker.is_dir() and time.monotonic() < until:
            time.sleep(0.05)
    assert not worker.is_dir()
