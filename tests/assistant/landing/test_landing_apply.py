"""Landing: all of it or nothing, and never over what is the user's."""

from __future__ import annotations

import errno
import json
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from landing_support import Land, look

from assistant.errors import Conflict, LandingError
from assistant.landing.apply import apply, recover, write_evidence
from assistant.landing.paths import Blocked, Root
from assistant.landing.plan import plan, with_evidence
from assistant.landing.undo import undo
from evaluators.draft import Draft


def sources(project: Path) -> dict[str, str]:
    """The project's files without ours."""
    return {name: text for name, text in look(project).items() if not name.startswith(".backwright")}


def test_land_update_and_record(project: Path, land: Land) -> None:
    first = land({"app/a.py": "1\n", "b.sql": "x\n"}, run="run1", evidence={"rounds": 1})
    assert first.paths == ("app/a.py", "b.sql")
    second = land({"app/a.py": "2\n", "b.sql": "x\n", "app/c/d.py": ""}, run="run2")
    assert second.paths == ("app/a.py", "app/c/d.py")
    assert sources(project) == {"app": "/", "app/a.py": "2\n", "app/c": "/", "app/c/d.py": "", "b.sql": "x\n"}
    record = json.loads((project / ".backwright/landed.json").read_text())
    assert {path: each["run"] for path, each in record["files"].items()} == {
        "app/a.py": "run2", "app/c/d.py": "run2", "b.sql": "run2",
    }  # fmt: skip
    assert json.loads((project / ".backwright/evidence/run1.json").read_text()) == {"rounds": 1}
    assert (project / ".backwright/.gitignore").read_text() == "landing/\n"
    assert recover(project) == ()


def test_a_folder_that_is_not_there_is_made(tmp_path: Path) -> None:
    target = tmp_path / "a" / "b"
    apply(plan(Draft.of({"x.py": "1\n"}), target), target)
    assert sources(target) == {"x.py": "1\n"}


def test_modes_are_kept(project: Path, land: Land) -> None:
    land({"run.sh": "1\n"})
    (project / "run.sh").chmod(0o755)
    land({"run.sh": "2\n", "new.sh": ""})
    assert stat.S_IMODE((project / "run.sh").stat().st_mode) == 0o755
    assert stat.S_IMODE((project / "new.sh").stat().st_mode) & 0o111 == 0


def test_a_conflict_lands_nothing(project: Path, land: Land) -> None:
    land({"a.py": "1\n", "b.py": "1\n"})
    (project / "b.py").write_text("user\n")
    before = look(project)
    with pytest.raises(Conflict, match=r"nothing was landed: b\.py was changed since it was landed"):
        land({"a.py": "2\n", "b.py": "2\n", "c.py": ""})
    assert look(project) == before


@pytest.mark.parametrize("what", ["changed", "created", "removed", "linked", "folder"])
def test_a_change_between_plan_and_apply(project: Path, land: Land, tmp_path: Path, what: str) -> None:
    land({"a.py": "1\n"})
    change = plan(Draft.of({"a.py": "2\n", "n/new.py": "n\n"}), project)
    if what == "changed":
        (project / "a.py").write_text("user\n")
    elif what == "created":
        (project / "n").mkdir()
        (project / "n/new.py").write_text("user\n")
    elif what == "removed":
        (project / "a.py").unlink()
    elif what == "linked":
        (project / "n").symlink_to(tmp_path)
    else:
        (project / "n").write_text("a file now")
    before = look(project)
    with pytest.raises(Conflict, match="changed since the change was planned"):
        apply(change, project)
    assert look(project) == before
    assert not (tmp_path / "new.py").exists()


def _meddle(monkeypatch: pytest.MonkeyPatch, when: str, act: Callable[[], None]) -> None:
    """Do `act` right before the first file named `when` is moved into place."""
    for name in ("rename", "link"):
        real = getattr(os, name)

        def meddling(
            source: str, target: str, *rest: object, _real: Callable[..., None] = real, **more: object
        ) -> None:
            if target == when:
                act()
            _real(source, target, *rest, **more)

        monkeypatch.setattr(os, name, meddling)


def test_a_file_that_comes_to_be_in_the_last_moment_is_not_overwritten(
    project: Path, land: Land, monkeypatch: pytest.MonkeyPatch
) -> None:
    land({"a.py": "1\n"})
    _meddle(monkeypatch, "z.py", lambda: (project / "z.py").write_text("user\n") and None)
    with pytest.raises(Conflict, match=r"z\.py came to be"):
        land({"a.py": "2\n", "n/b.py": "", "z.py": "3\n"})
    assert sources(project) == {"a.py": "1\n", "z.py": "user\n"}


def test_a_change_during_landing_takes_everything_back(
    project: Path, land: Land, monkeypatch: pytest.MonkeyPatch
) -> None:
    land({"a.py": "1\n", "b.py": "1\n"})
    _meddle(monkeypatch, "a.py", lambda: (project / "b.py").write_text("user\n") and None)
    with pytest.raises(Conflict, match=r"b\.py was changed while"):
        land({"a.py": "2\n", "b.py": "2\n"})
    assert sources(project) == {"a.py": "1\n", "b.py": "user\n"}


def test_a_folder_that_becomes_a_symlink_during_landing_leads_nowhere(
    project: Path, land: Land, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()

    def swap() -> None:
        (project / "pkg").symlink_to(outside)

    _meddle(monkeypatch, "a.py", swap)
    with pytest.raises(LandingError):
        land({"a.py": "1\n", "pkg/b.py": "evil\n"})
    assert list(outside.iterdir()) == []
    assert sources(project) == {"pkg": f"-> {outside}"}


def test_our_own_folder_as_a_symlink_is_refused(project: Path, tmp_path: Path, land: Land) -> None:
    (project / ".backwright").symlink_to(tmp_path)
    with pytest.raises(LandingError):
        land({"a.py": ""})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["project"]


@pytest.mark.parametrize("path", ["../x", "/x", "a/../x", ".git/x", "a/.GIT/x", "", "a//b", "./a", "a\0b"])
def test_the_guard_refuses_every_way_out(project: Path, path: str) -> None:
    with Root(project) as root:
        for act in (root.read, root.remove, lambda p: root.write(p, b""), lambda p: root.move("a", p)):
            with pytest.raises((Blocked, OSError)):
                act(path)
    assert list(project.iterdir()) == []
    assert sorted(item.name for item in project.parent.iterdir()) == ["project"]


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EIO])
@pytest.mark.parametrize("call", ["open", "write", "mkdir", "rename", "link", "fsync"])
def test_whatever_the_system_refuses_leaves_the_project_as_it_was(
    project: Path, land: Land, monkeypatch: pytest.MonkeyPatch, code: int, call: str
) -> None:
    land({"a.py": "1\n", "b.py": "1\n"})
    before = look(project)
    real = getattr(os, call)
    failed = 0
    for number in range(200):
        count = 0

        def refusing(*given: object, _at: int = number, **more: object) -> object:
            nonlocal count
            # Only what writes is refused, and only once: a full disk still lets one rename and remove.
            if call != "open" or (len(given) > 1 and int(str(given[1])) & os.O_CREAT):
                count += 1
                if count == _at + 1:
                    raise OSError(code, os.strerror(code))
            return real(*given, **more)

        monkeypatch.setattr(os, call, refusing)
        try:
            land({"a.py": "2\n", "b.py": "2\n", "n/m/c.py": "3\n"}, evidence={})
        except LandingError as error:
            failed += 1
            assert "the project is as it was" in error.message
            assert error.hint
            assert "\n" not in str(error)
            assert look(project) == before
        else:
            if count > number:  # a refusal that harmed nothing (tidying up)
                undo(project)
                assert look(project) == before
                continue
            break
        finally:
            monkeypatch.setattr(os, call, real)
    assert failed > 0
    assert sources(project)["a.py"] == "2\n"


def test_a_folder_that_can_only_be_read(project: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from assistant.errors import LandingError\n"
        "from assistant.landing.apply import apply; from assistant.landing.plan import plan\n"
        "from evaluators.draft import Draft\n"
        "try: apply(plan(Draft.of({'a.py': 'x'}), Path('/project')), Path('/project'))\n"
        "except LandingError as error: print(error)\n"
    )
    root = Path(__file__).parents[3]
    command = ["bwrap", "--dev-bind", "/", "/", "--tmpfs", "/mnt", "--ro-bind", str(project), "/mnt"]
    done = subprocess.run(
        [*command, "--chdir", str(root), sys.executable, "-c", script.replace("/project", "/mnt")],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout == (
        "the change could not be prepared: read-only file system; the project is as it was "
        "(the project's folder can only be read; land elsewhere with --into)\n"
    )
    assert look(project) == {}


def test_a_disk_that_is_full(project: Path) -> None:
    script = (
        "from pathlib import Path; from assistant.errors import LandingError\n"
        "from assistant.landing.apply import apply; from assistant.landing.plan import plan\n"
        "from evaluators.draft import Draft\n"
        "project = Path('/mnt')\n"
        "apply(plan(Draft.of({'a.py': '1'}), project), project)\n"
        "before = sorted((str(p), p.read_bytes()) for p in project.rglob('*') if p.is_file())\n"
        "big = {'a.py': '2', **{f'n/{i}.py': 'x' * 60_000 for i in range(9)}}\n"
        "try: apply(plan(Draft.of(big), project), project)\n"
        "except LandingError as error: print(error)\n"
        "after = sorted((str(p), p.read_bytes()) for p in project.rglob('*') if p.is_file())\n"
        "assert before == after; assert not (project / 'n').exists()\n"
    )
    root = Path(__file__).parents[3]
    done = subprocess.run(
        ["bwrap", "--dev-bind", "/", "/", "--size", "262144", "--tmpfs", "/mnt", "--chdir", str(root),
         sys.executable, "-c", script],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout == (
        "the change could not be prepared: no space left on device; the project is as it was "
        "(free some space and try again)\n"
    )


def test_two_landings_at_once(project: Path, land: Land) -> None:
    with Root(project) as root:
        root.lock()
        with pytest.raises(LandingError, match="another landing is under way"):
            land({"a.py": ""})
        assert look(project) == {}
    land({"a.py": ""})


def test_a_git_repository_keeps_its_git_folder(project: Path, land: Land) -> None:
    subprocess.run(["git", "-C", str(project), "init", "-q"], check=True)
    inside = {path: path.read_bytes() for path in (project / ".git").rglob("*") if path.is_file()}
    land({"a.py": "1\n"})
    land({"a.py": "2\n"})
    undo(project)
    assert {path: path.read_bytes() for path in (project / ".git").rglob("*") if path.is_file()} == inside
    status = subprocess.run(
        ["git", "-C", str(project), "status", "--porcelain", "-uall"], capture_output=True, text=True
    )
    assert sorted(status.stdout.split("\n")) == [
        "",
        "?? .backwright/.gitignore",
        "?? .backwright/landed.json",
        "?? a.py",
    ]


def test_evidence_alone(project: Path) -> None:
    assert write_evidence(project, "run9", {"verdict": "failed"}) == ".backwright/evidence/run9.json"
    write_evidence(project, "run9", {"verdict": "passed"})
    assert look(project) == {
        ".backwright": "/",
        ".backwright/evidence": "/",
        ".backwright/evidence/run9.json": '{\n  "verdict": "passed"\n}\n',
    }
    assert not (project / ".backwright/landing").exists()


def test_evidence_goes_or_stays_with_the_change(project: Path, land: Land, monkeypatch: pytest.MonkeyPatch) -> None:
    land({"a.py": "1\n"})
    change = with_evidence(plan(Draft.of({"a.py": "2\n"}), project), "run2", {"x": 1})
    before = look(project)
    _meddle(monkeypatch, "run2.json", lambda: (_ for _ in ()).throw(OSError(errno.ENOSPC, "No space left")))
    with pytest.raises(LandingError):
        apply(change, project)
    assert look(project) == before


def test_old_backups_are_removed(project: Path, land: Land) -> None:
    for number in range(23):
        land({"a.py": f"{number}\n"}, run=f"run{number}")
    assert len(list((project / ".backwright/landing").iterdir())) == 20
    for _ in range(20):
        undo(project)
    assert sources(project) == {"a.py": "2\n"}
    with pytest.raises(LandingError, match="the backups of the last landing are gone"):
        undo(project)
