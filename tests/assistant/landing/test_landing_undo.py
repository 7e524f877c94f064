"""Undo: the project as it was before the last landing, or nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from landing_support import Land, look

from assistant.errors import Conflict, LandingError
from assistant.landing.undo import undo


def test_each_landing_is_taken_back_in_turn(project: Path, land: Land) -> None:
    (project / "mine.txt").write_text("mine\n")
    states = [look(project)]
    for number in range(3):
        files = {"app/a.py": f"{number}\n", f"n{number}/deep/b.py": "b\n"}
        land(files, run=f"run{number}", evidence={"n": number})
        states.append(look(project))
    for number in (2, 1, 0):
        done = undo(project)
        assert done.run == f"run{number}"
        assert f"n{number}/deep/b.py" in done.paths
        assert look(project) == states[number]
    assert list(project.iterdir()) == [project / "mine.txt"]
    with pytest.raises(LandingError, match="nothing was landed here"):
        undo(project)


def test_a_folder_in_which_the_user_put_something_stays(project: Path, land: Land) -> None:
    land({"n/b.py": ""})
    (project / "n/mine.txt").write_text("mine\n")
    undo(project)
    assert look(project) == {"n": "/", "n/mine.txt": "mine\n"}


@pytest.mark.parametrize("how", ["edit", "remove", "link"])
def test_what_the_user_changed_since_is_refused_and_listed(project: Path, land: Land, how: str) -> None:
    land({"a.py": "1\n", "b.py": "1\n", "c.py": "1\n"})
    for name in ("a.py", "c.py"):
        (project / name).unlink()
        if how == "edit":
            (project / name).write_text("user\n")
        if how == "link":
            (project / name).symlink_to("b.py")
    before = look(project)
    with pytest.raises(Conflict, match=r"changed since it was landed: a\.py, c\.py"):
        undo(project)
    assert look(project) == before


def test_a_folder_that_is_not_there(project: Path) -> None:
    with pytest.raises(LandingError, match="is no folder"):
        undo(project / "x")


def test_backups_that_are_gone(project: Path, land: Land) -> None:
    land({"a.py": "1\n"})
    land({"a.py": "2\n"})
    for path in sorted((project / ".backwright/landing").rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    before = look(project)
    with pytest.raises(LandingError, match="backups of the last landing are gone"):
        undo(project)
    assert look(project) == before
