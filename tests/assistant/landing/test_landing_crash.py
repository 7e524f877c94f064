"""kill -9 at any point: nothing is half landed after the next start."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from landing_support import Land, look

from assistant.landing.apply import recover
from assistant.landing.transaction import FOLDER


@pytest.mark.parametrize("action", ["apply", "undo", "evidence", "twice"])
def test_a_kill_at_every_call(tmp_path: Path, action: str) -> None:
    # A program of its own: it forks, which a test runner with threads must not.
    driver = Path(__file__).with_name("crash_driver.py")
    done = subprocess.run([sys.executable, str(driver), str(tmp_path), action], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    tally = json.loads(done.stdout)
    assert tally["calls"] > 30
    assert tally["before"] > 10
    assert tally["after"] > 5


def _cut(project: Path, land: Land) -> None:
    """A landing of a.py and b.py that was cut before `done`."""
    land({"a.py": "1\n", "b.py": "1\n"})
    land({"a.py": "2\n", "b.py": "2\n"})
    (last,) = sorted((project / FOLDER).iterdir())[1:]
    (last / "done").unlink()


def test_a_file_changed_after_the_kill_is_left_alone(project: Path, land: Land) -> None:
    _cut(project, land)
    (project / "b.py").write_text("user\n")
    (line,) = recover(project)
    assert "changed since and left alone: b.py" in line
    assert {name: look(project)[name] for name in ("a.py", "b.py")} == {"a.py": "1\n", "b.py": "user\n"}
    assert recover(project) == ()
    (kept,) = (path for path in (project / FOLDER).iterdir() if path.name.startswith("kept-"))
    assert (kept / "old/1").read_text() == "1\n"


def test_a_landing_cut_at_its_end_is_finished(project: Path, land: Land) -> None:
    _cut(project, land)
    (line,) = recover(project)
    assert line == "finished the landing of run1 that was cut"
    assert look(project)["b.py"] == "2\n"


def test_nothing_is_written_where_nothing_was_cut(project: Path) -> None:
    assert recover(project) == ()
    assert list(project.iterdir()) == []
