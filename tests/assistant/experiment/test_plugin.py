"""The pytest plugin: what a team's tests can ask, what they are told, and what it costs those that do not ask."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from stories import passing, results, score, trial

from assistant.errors import UsageError
from assistant.experiment import evaluate
from assistant.experiment.evaluate import Ways
from assistant.experiment.plan import Choice
from assistant.experiment.plugin import Asking, Evaluated
from assistant.experiment.results import Results, Status

ROOT = Path(__file__).parents[3]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Choice, Ways, tuple[Path, ...]]]:
    """What was evaluated; the answers are stored ones."""
    seen: list[tuple[Choice, Ways, tuple[Path, ...]]] = []

    def stored(choice: Choice, ways: Ways, *, folders: tuple[Path, ...]) -> Results:
        seen.append((choice, ways, folders))
        return passing("sql", {"a": True, "b": False}, depth=ways.depth)

    monkeypatch.setattr(evaluate, "evaluate", stored)
    return seen


def test_the_fixture_evaluates_what_is_asked_once(
    backwright_eval: Asking, asked: list[tuple[Choice, Ways, tuple[Path, ...]]], tmp_path: Path
) -> None:
    found = backwright_eval(recipe="crud", arm="recipe", static=True, tag=("a", "b"), folders=(tmp_path,))
    again = backwright_eval(recipe=("crud",), static=True, tag=("a", "b"), folders=(tmp_path,))
    assert again.results is found.results
    ((choice, ways, folders),) = asked
    assert choice == Choice(recipes=("crud",), tags=("a", "b"), arms=("recipe",))
    assert (ways.depth, ways.budget, folders) == ("static", 4, (tmp_path,))
    backwright_eval(recipe="crud", folders=(tmp_path,))
    assert len(asked) == 2 and asked[1][1].depth == "full"


def test_rates_are_of_the_arm_and_of_the_last_answers() -> None:
    made = [
        trial("a", first=score(sql=False), final=score(sql=True)),
        trial("b", first=score(sql=False), final=score(sql=False)),
        trial("a", arm="bare", first=score(sql=False), final=score(sql=False)),
    ]
    found = Evaluated(results(made), "recipe")
    rate, first = found.rate("sql"), found.rate("sql", "first")
    assert (rate.rate, rate.cases, first.rate) == (0.5, 2, 0.0)
    assert Evaluated(results(made, depth="static"), "recipe").rate("sql").rate == 0.0
    nothing = found.rate("fuzz")
    assert (nothing.rate, nothing.low, nothing.high, nothing.cases) == (None, 0.0, 1.0, 0)
    with pytest.raises(ValueError, match="'sqll' is no rung; there are readable, sql"):
        found.rate("sqll")


def test_at_least_says_the_interval_the_cases_and_which_failed() -> None:
    stale = trial("late", status=Status.STALE, why="the design's prompt changed (backwright eval --record)")
    found = Evaluated(results([*passing("sql", {"a": True, "b": True, "c": False}).trials, stale]), "recipe")
    found.at_least("sql", 0.6)
    with pytest.raises(AssertionError) as caught:
        found.at_least("sql", 0.8)
    assert str(caught.value).split("\n") == [
        "SQL lints (after repair, arm recipe): 67 % (21 to 94 %) of 3 cases, 3 answers; at least 80 % was asked for",
        "not passed by: crud/c",
        "not scored: 1 stale",
        "  stale: crud, arm recipe: 1 trial: the design's prompt changed (backwright eval --record)",
    ]
    # Two of three are 67 %, and surely no more than 20 %.
    with pytest.raises(AssertionError, match="at least 60 % was asked for, surely"):
        found.at_least("sql", 0.6, surely=True)
    found.at_least("sql", 0.2, surely=True)


def test_nothing_scored_is_never_enough() -> None:
    found = Evaluated(results([trial("a", status=Status.MISSING, why="nothing is recorded")]), "recipe")
    for rung in ("sql", "boots"):
        with pytest.raises(AssertionError, match=r"no case was scored(.|\n)*1 missing"):
            found.at_least(rung, 0.0)
    with pytest.raises(ValueError, match="a rate is between 0 and 1, not 80"):
        found.at_least("sql", 80)


def test_not_worse_than_a_baseline(tmp_path: Path) -> None:
    good = passing("sql", {f"c{n:02}": n < 20 for n in range(24)})
    bad = passing("sql", {f"c{n:02}": n < 4 for n in range(24)})
    good.write(tmp_path / "good.json")
    Evaluated(good, "recipe").not_worse_than(tmp_path / "good.json")
    # One case of eight is no proof of anything.
    few = [passing("sql", {f"c{n}": n < passed for n in range(8)}) for passed in (6, 5)]
    Evaluated(few[1], "recipe").not_worse_than(few[0])
    with pytest.raises(AssertionError) as caught:
        Evaluated(bad, "recipe").not_worse_than(str(tmp_path / "good.json"))
    first, second, *_ = str(caught.value).split("\n")
    assert first.startswith("Shown to be worse: SQL lints (first answer)")
    assert second.startswith("  SQL lints (first answer): 83 % to 17 %") and "worse in crud/c04" in second
    with pytest.raises(AssertionError, match="Nothing can be compared"):
        Evaluated(passing("sql", {"other": True}), "recipe").not_worse_than(good)
    with pytest.raises(UsageError):
        Evaluated(bad, "recipe").not_worse_than("no-such-file-or-revision")


def test_pytest_finds_it_by_its_entry_point() -> None:
    written = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert written["project"]["entry-points"]["pytest11"] == {"backwright": "assistant.experiment.plugin"}


TEST = """
import pytest
from assistant.experiment import evaluate
from assistant.experiment.results import Results

@pytest.fixture(autouse=True)
def stored(monkeypatch):
    read = Results.read(__import__("pathlib").Path("results.json"))
    monkeypatch.setattr(evaluate, "evaluate", lambda choice, ways, **more: read)

def test_good(backwright_eval):
    backwright_eval(recipe="crud", static=True).at_least("sql", 0.5)

def test_bad(backwright_eval):
    backwright_eval(recipe="crud", static=True).at_least("sql", 0.9)
"""


def test_a_team_reads_the_reason_and_not_our_code(tmp_path: Path) -> None:
    passing("sql", {"a": True, "b": False}, depth="static").write(tmp_path / "results.json")
    (tmp_path / "test_recipes.py").write_text(TEST)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "backwright", "-p", "no:cacheprovider", "test_recipes.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "1 failed, 1 passed" in done.stdout
    assert "SQL lints (first answer, arm recipe): 50 % (9 to 91 %) of 2 cases, 2 answers" in done.stdout
    assert "not passed by: crud/b" in done.stdout
    assert "plugin.py" not in done.stdout


def test_it_costs_those_that_do_not_ask_nothing() -> None:
    """pytest with the plugin loads three modules of ours that hold nothing, and nothing of anybody else's."""
    script = (
        "import sys, pytest; before = set(sys.modules); import assistant.experiment.plugin;"
        "print(*sorted(set(sys.modules) - before))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.split() == ["assistant", "assistant.experiment", "assistant.experiment.plugin"]
