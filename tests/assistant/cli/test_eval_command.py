"""`backwright eval` on the command line: what it prints and how it leaves."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.cli.app import build
from assistant.errors import UsageError
from assistant.experiment.results import Results

PART = ("--case", "acceptance-2", "--static")


@pytest.fixture(autouse=True)
def apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder, a cache and settings of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BACKWRIGHT_CACHE", str(tmp_path / "cache"))
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "BACKWRIGHT_MODEL"):
        monkeypatch.delenv(name, raising=False)


def ran(*arguments: str) -> tuple[int, str]:
    """Exit code and output."""
    result = CliRunner().invoke(build(), ["eval", *arguments], catch_exceptions=True)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout


@pytest.mark.parametrize(
    ("format", "within"),
    [
        ("table", "answer readable and whole"),
        ("json", '"trials"'),
        ("junit", "<testsuite"),
        ("markdown", "| rung |"),
        ("html", "<!doctype html>"),
        ("docs", "# "),
    ],
)
def test_every_format_is_printed(format: str, within: str) -> None:
    code, printed = ran(*PART, "--format", format)
    assert code == 0
    assert within.lower() in printed.lower()


def test_results_are_written_compared_and_told_apart(tmp_path: Path) -> None:
    assert ran(*PART, "--out", "before.json")[0] == 0
    before = json.loads((tmp_path / "before.json").read_text(encoding="utf-8"))
    code, printed = ran(*PART, "--baseline", "before.json", "--out", "after.json")
    assert code == 0
    assert "undecided" in printed or "not compared" in printed or "no data" in printed
    assert [trial.cached for trial in Results.read(tmp_path / "after.json").trials] == [True, True]

    for trial in before["trials"]:
        trial["first"]["rungs"]["imports"] = {"state": "failed", "reason": "unknown-import"}
    (tmp_path / "before.json").write_text(json.dumps(before), encoding="utf-8")
    code, printed = ran("diff", "before.json", "after.json")
    assert code == 0
    assert "better  code imports, first answer: jwt-middleware/acceptance-2/bare/claude/1 now passes" in printed
    code, printed = ran("diff", "before.json", "after.json", "--format", "json")
    assert {flip["rung"] for change in json.loads(printed)["changes"] for flip in change["flips"]} == {"imports"}


def test_a_regression_that_is_shown_fails(tmp_path: Path) -> None:
    """Many cases that passed before and fail now; one or two would show nothing."""
    assert ran(*PART, "--arm", "recipe", "--out", "real.json")[0] == 0
    real = json.loads((tmp_path / "real.json").read_text(encoding="utf-8"))
    (trial,) = real["trials"]
    real["trials"] = []
    for number in range(30):
        held = json.loads(json.dumps(trial))
        held["key"]["case"] = f"case-{number}"
        held["first"]["rungs"]["imports"] = {"state": "passed" if number % 5 else "failed"}
        real["trials"].append(held)
    (tmp_path / "before.json").write_text(json.dumps(real), encoding="utf-8")
    for held in real["trials"]:
        held["first"]["rungs"]["imports"] = {"state": "failed"}
    (tmp_path / "after.json").write_text(json.dumps(real), encoding="utf-8")

    from assistant.cli.eval import _code
    from assistant.experiment.comparing import compare

    before, after = Results.read(tmp_path / "before.json"), Results.read(tmp_path / "after.json")
    assert _code(after, compare(before, after)) == 1
    assert _code(before, compare(after, before)) == 0


def test_recordings_that_ship_are_in_order() -> None:
    assert ran("--check") == (0, "every recording answers what is asked now, and holds no secret\n")


def test_a_stale_recording_is_found_without_playing_it(tmp_path: Path) -> None:
    part = tmp_path / ".backwright" / "prompts" / "parts" / "house.md.j2"
    part.parent.mkdir(parents=True)
    part.write_text("Be careful.\n", encoding="utf-8")
    code, printed = ran("--check", "--recipe", "crud")
    assert code == 1
    assert re.search(
        r"recipe crud changed: \d+ cassettes? to record again: backwright eval --record --recipe crud", printed
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--format", "pdf"), "--format pdf: unknown"),
        (("--recipe", "nothing"), "there is no recipe 'nothing'"),
        (("--check", "--record"), "do different things"),
        (("--baseline", "no-such-file.json"), "not a file"),
        (("--record",), "no model is named"),
        (("--record", "--model", "a", "--model", "b"), "asks one model"),
        (("diff", "one", "other"), "one"),
        (("diff", "one", "other", "--format", "html"), "--format html: unknown"),
    ],
)
def test_what_cannot_be_is_one_line(arguments: tuple[str, ...], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        ran(*arguments)


def test_a_folder_for_the_results_and_a_file_for_the_evidence_are_refused_before_anything_is_played(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_given: object, **_more: object) -> None:
        raise AssertionError("nothing is played for what could not be written")

    monkeypatch.setattr("assistant.experiment.evaluate.evaluate", never)
    assert ran(*PART, "--out", ".")[0] == 2
    (tmp_path / "file").write_text("x", encoding="utf-8")
    assert ran(*PART, "--evidence", "file")[0] == 2
