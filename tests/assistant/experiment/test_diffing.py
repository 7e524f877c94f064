"""What lies behind a change, and results of a git revision."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from stories import RESULTS, passing, results, score, trial

from assistant.errors import BackwrightError, UsageError
from assistant.experiment import diffing
from assistant.experiment.diffing import diff, results_at
from assistant.experiment.results import Results, Status


def test_nothing_changed_is_nothing() -> None:
    told = passing("sql", {"a": True, "b": False})
    assert not diff(told, told)


def test_prompts_are_compared_as_text() -> None:
    a = results([], sources={"crud": {"design.md.j2": "1", "same": "3", "old": "3"}}, texts={"1": "x\ny\n", "3": "z\n"})
    b = results(
        [], sources={"crud": {"design.md.j2": "2", "same": "3"}, "new": {"n": "2"}}, texts={"2": "x\nw\n", "3": "z\n"}
    )
    first, second = diff(a, b).prompts
    assert (first.owner, first.template, first.added, first.gone) == ("crud", "design.md.j2", 1, 1)
    assert first.diff == "--- a/design.md.j2\n+++ b/design.md.j2\n@@ -1,2 +1,2 @@\n x\n-y\n+w"
    assert (second.template, second.added, second.gone) == ("old", 0, 1)


def test_a_text_that_was_not_kept_is_a_change_without_lines() -> None:
    a, b = results([], sources={"crud": {"t": "1"}}), results([], sources={"crud": {"t": "2"}})
    (change,) = diff(a, b).prompts
    assert (change.diff, change.added, change.gone) == ("", 0, 0)


def test_answers_are_compared_by_hash() -> None:
    was = trial("a", first=score(), cassette_sha="1", files={"x": "1", "y": "1", "z": "1"}, prompts={"design": "1"})
    now = replace(was, cassette_sha="2", files={"x": "2", "y": "1", "n": "1"}, prompts={"design": "2"})
    (changes,) = diff(results([was]), results([now])).changes
    (answer,) = changes.answers
    assert (answer.recorded_anew, answer.asked_anew) == (True, True)
    assert (answer.added, answer.gone, answer.changed, answer.status) == (("n",), ("z",), ("x",), None)
    stale = replace(was, status=Status.STALE)
    (changes,) = diff(results([was]), results([stale])).changes
    assert changes.answers[0].status == (Status.SCORED, Status.STALE)


def test_rules_that_came_and_went_with_their_cases() -> None:
    def told(a: list[str], b: list[str]) -> Results:
        return results([trial("a", first=score(a)), trial("b", first=score(b))])

    (changes,) = diff(told(["old x t", "both x t"], []), told(["both y u"], ["new x t", "both x t"])).changes
    found = {each.rule: (each.when, each.came, each.went) for each in changes.findings}
    assert found == {
        "old": ("first", (), ("crud/a",)),
        "new": ("first", ("crud/b",), ()),
        "both": ("first", ("crud/b",), ()),
    }


def test_flips_by_rung_with_the_evidence_of_both() -> None:
    def told(sql: bool, boots: bool, evidence: str) -> Results:
        return results([trial("a", first=score(boots=boots, sql=sql, fuzz="machine"), evidence=evidence)])

    (changes,) = diff(told(True, False, "e1.json"), told(False, True, "e2.json")).changes
    assert [(flip.rung, flip.better, flip.why) for flip in changes.flips] == [
        ("sql", False, "some-rule"),
        ("boots", True, "some-rule"),
    ]
    assert changes.flips[0].evidence == ("e1.json", "e2.json")


def test_what_only_one_side_has_and_unscored_trials_flip_nothing() -> None:
    a = results([trial("a", first=score(sql=True)), trial("gone", first=score(sql=True))])
    b = results([trial("a", first=score(sql=False), status=Status.BROKEN), trial("new", arm="bare")])
    bare, crud = diff(a, b).changes
    assert (bare.arm, [key.case for key in bare.only_b]) == ("bare", ["new"])
    assert ([key.case for key in crud.only_a], crud.only_b, crud.flips) == (["gone"], (), ())


def test_other_facts() -> None:
    assert diff(results([]), results([], gate="10", depth="static")).facts == ("gate 9 -> 10", "depth full -> static")


@settings(deadline=None, max_examples=60)
@given(RESULTS, RESULTS)
def test_any_results_have_a_difference(a: Results, b: Results) -> None:
    assert not diff(a, a)
    forth, back = diff(a, b), diff(b, a)
    worse = {(flip.key, flip.rung, flip.when) for each in forth.changes for flip in each.flips if not flip.better}
    # What one direction calls worse, the other calls better; a rung that one side lacks is no flip.
    assert worse == {(flip.key, flip.rung, flip.when) for each in back.changes for flip in each.flips if flip.better}


def git(folder: Path, *arguments: str) -> None:
    name = ["-c", "user.name=tester", "-c", "user.email=tester@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", str(folder), *name, *arguments], check=True, capture_output=True)


@pytest.fixture
def committed(tmp_path: Path) -> Path:
    """A repository whose first commit has one case and whose second has two; the file is gone now."""
    path = tmp_path / ".backwright" / "prompts" / "results.json"
    git(tmp_path, "init", "-q", "-b", "main")
    for cases in ({"a": True}, {"a": True, "b": False}):
        passing("sql", cases).write(path)
        git(tmp_path, "add", ".")
        git(tmp_path, "commit", "-q", "-m", "results")
    path.write_text("{}")
    git(tmp_path, "commit", "-q", "-a", "-m", "no results")
    path.unlink()
    path.parent.rmdir()
    return path


def test_results_of_a_revision(committed: Path) -> None:
    assert len(results_at("HEAD~1", committed).trials) == 2
    assert len(results_at("main~2", committed).trials) == 1


def test_results_of_a_file(tmp_path: Path) -> None:
    told = passing("sql", {"a": True})
    told.write(tmp_path / "r.json")
    assert results_at(str(tmp_path / "r.json"), tmp_path / "none" / "results.json") == told


@pytest.mark.parametrize(
    ("revision", "message"),
    [
        ("--output=/tmp/x", "'--output=/tmp/x' is neither a file nor a git revision"),
        ("HEAD:README.md", "is neither a file nor a git revision"),
        ("a..b", "is neither a file nor a git revision"),
        ("$(id)", "is neither a file nor a git revision"),
        ("x" * 5000, "is neither a file nor a git revision"),
        ("", "is neither a file nor a git revision"),
        ("no-such", "no-such: not a file, nor a revision of the repository"),
        ("HEAD", "HEAD:prompts/results.json: not results of an evaluation: 'version'"),
    ],
)
def test_what_is_no_revision_is_one_clear_line(committed: Path, revision: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        results_at(revision, committed)
    assert message in str(caught.value) and "\n" not in str(caught.value)


def test_a_revision_without_results(committed: Path) -> None:
    with pytest.raises(UsageError, match=r"HEAD holds no prompts/other\.json"):
        results_at("HEAD", committed.with_name("other.json"))


def test_no_repository_and_no_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(UsageError, match="nor is there git around"):
        results_at("HEAD", tmp_path / "results.json")
    monkeypatch.setattr(diffing, "PATIENCE", 0.0001)
    with pytest.raises(BackwrightError, match="git did not answer"):
        results_at("HEAD", tmp_path / "results.json")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BackwrightError, match="git is not installed"):
        results_at("HEAD", tmp_path / "results.json")


def test_a_results_file_that_is_nested_too_deep(committed: Path) -> None:
    committed.parent.mkdir()
    committed.write_text("[" * 200_000)
    root = committed.parents[2]
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "deep")
    with pytest.raises(UsageError, match="not results of an evaluation"):
        results_at("HEAD", committed)
