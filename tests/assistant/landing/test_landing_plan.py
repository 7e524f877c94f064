"""What would land, without touching the project."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from landing_support import Land, look

from assistant.errors import LandingError
from assistant.landing.plan import Change, Kind, evidence_path, plan, with_evidence
from evaluators.draft import Draft


def kinds(files: dict[str, str], project: Path) -> dict[str, str]:
    """Path -> kind, with the reason of a conflict."""
    change = plan(Draft.of(files), project)
    return {each.path: f"{each.kind}{': ' if each.why else ''}{each.why}" for each in change.files}


def test_an_empty_folder_and_one_that_is_not_there(project: Path) -> None:
    for folder in (project, project / "new" / "er"):
        change = plan(Draft.of({"app/a.py": "x\n"}), folder, run="r")
        (each,) = change.files
        assert (each.kind, each.base, each.ours) == (Kind.CREATED, None, None)
        assert each.diff == "--- /dev/null\n+++ b/app/a.py\n@@ -0,0 +1 @@\n+x\n"
    assert look(project) == {}


def test_each_kind(project: Path, land: Land) -> None:
    land({"same.py": "1\n", "ours.py": "1\n", "edited.py": "1\n", "gone.py": "1\n"})
    (project / "edited.py").write_text("user\n")
    (project / "theirs.py").write_text("user\n")
    (project / "equal.py").write_text("2\n")
    (project / "gone.py").unlink()
    names = ("same.py", "ours.py", "edited.py", "gone.py", "theirs.py", "equal.py", "new.py")
    files = {name: "1\n" if name == "same.py" else "2\n" for name in names}
    before = look(project)
    assert kinds(files, project) == {
        "same.py": "unchanged",
        "ours.py": "updated",
        "edited.py": "conflicting: was changed since it was landed",
        "gone.py": "created",
        "theirs.py": "conflicting: exists and was not landed by backwright",
        "equal.py": "unchanged",
        "new.py": "created",
    }
    assert look(project) == before
    change = plan(Draft.of(files), project)
    assert change.files[1].diff == "--- a/ours.py\n+++ b/ours.py\n@@ -1 +1 @@\n-1\n+2\n"
    assert change.files[2].diff == "--- a/edited.py\n+++ b/edited.py\n@@ -1 +1 @@\n-user\n+2\n"
    assert change.notes == ("gone.py was landed before and is gone; it will be written again",)
    assert change.base["new.py"] is None
    assert change.ours["ours.py"] == change.base["ours.py"] != change.theirs["ours.py"]


def test_what_lies_in_the_way(project: Path, tmp_path: Path) -> None:
    (project / "folder.py").mkdir()
    (project / "file").write_text("x")
    (project / "link.py").symlink_to(tmp_path / "outside.py")
    (project / "away").symlink_to(tmp_path)
    (project / "App.py").write_text("x")
    os.mkfifo(project / "pipe.py")
    names = ("folder.py", "file/a.py", "link.py", "away/a.py", "app.py", "pipe.py")
    assert kinds(dict.fromkeys(names, ""), project) == {
        "folder.py": "conflicting: is no regular file",
        "file/a.py": "conflicting: has file on its way, which is no folder of the project",
        "link.py": "conflicting: is a symbolic link",
        "away/a.py": "conflicting: has away on its way, which is no folder of the project",
        "app.py": "conflicting: differs only in case from App.py",
        "pipe.py": "conflicting: is no regular file",
    }


def test_a_binary_file_of_the_user_and_no_final_newline(project: Path) -> None:
    (project / "a.py").write_bytes(b"\xff\x00")
    (each,) = plan(Draft.of({"a.py": "x\n"}), project).files
    assert each.kind is Kind.CONFLICTING
    assert each.diff.endswith("-\ufffd\0\n\\ No newline at end of file\n+x\n")


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"version": 2, "files": {}, "landings": []}', '{"version": 1}'])
def test_a_record_that_cannot_be_read_is_one_line(project: Path, text: str) -> None:
    (project / ".backwright").mkdir()
    (project / ".backwright/landed.json").write_text(text)
    with pytest.raises(LandingError, match=r"^\.backwright/landed\.json cannot be read.*"):
        plan(Draft.of({"a.py": ""}), project)


def test_a_file_is_no_project(project: Path) -> None:
    (project / "x").write_text("")
    with pytest.raises(LandingError, match="not a directory"):
        plan(Draft(), project / "x")


def test_a_dirty_git_tree_is_noted(project: Path) -> None:
    for command in ("init -q", "-c user.name=x -c user.email=x@x commit -q --allow-empty -m x"):
        subprocess.run(["git", "-C", str(project), *command.split()], check=True)
    draft = Draft.of({"a.py": ""})
    assert plan(draft, project).notes == ()
    (project / "dirty").write_text("")
    assert "not committed" in plan(draft, project).notes[0]


def test_evidence_goes_with_the_change() -> None:
    change = with_evidence(Change(), "01ABC", {"b": 1, "a": "ü"})
    assert change.evidence == (".backwright/evidence/01ABC.json", '{\n  "a": "ü",\n  "b": 1\n}\n')
    for bad in ("", "../x", "a/b", ".x", "x" * 200):
        with pytest.raises(LandingError):
            evidence_path(bad)
