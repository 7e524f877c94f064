"""The whole tool with answers carried by hand: land, undo, stop, kill and go on, as a user would."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from evaluators.answer import render
from evaluators.draft import Draft

BACKWRIGHT = str(Path(sys.executable).with_name("backwright"))
SENTENCE = "Create a FastAPI middleware that checks for a valid JWT in the Authorization header."
GOOD = Path(__file__).resolve().parents[2] / "corpus/parts/jwt-middleware/good.py"
TESTS = '''"""The check of the bearer token."""

import os
import time

import jwt
import pytest
from fastapi import Depends, FastAPI
from fastapi.testclient import TestClient

from auth import current_user

app = FastAPI()


@app.get("/me")
def me(user=Depends(current_user)) -> dict:
    return {"ok": True}


def token(**claims) -> str:
    base = {"sub": "1", "iat": int(time.time()), "exp": int(time.time()) + 60}
    return jwt.encode({**base, **claims}, os.environ["JWT_SECRET"], algorithm="HS256")


def test_a_good_token_is_let_in() -> None:
    assert TestClient(app).get("/me", headers={"Authorization": f"Bearer {token()}"}).status_code == 200


@pytest.mark.parametrize("header", [None, "Basic x", "Bearer x", "Bearer "])
def test_what_is_no_token_is_refused(header: str | None) -> None:
    headers = {"Authorization": header} if header else {}
    assert TestClient(app).get("/me", headers=headers).status_code == 401


def test_an_expired_token_is_refused() -> None:
    answer = TestClient(app).get("/me", headers={"Authorization": f"Bearer {token(exp=1)}"})
    assert answer.status_code == 401
'''


def files() -> dict[str, str]:
    """A draft that passes."""
    return {
        "auth.py": GOOD.read_text(encoding="utf-8"),
        "tests/test_auth.py": TESTS,
        "README.md": "# auth\n\nMount `Depends(current_user)`; set `JWT_SECRET`.\n",
    }


def as_in_a_terminal() -> None:
    """What a background job ignores, a terminal's job hears."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@dataclass
class Place:
    """A user's machine: a home, a project and the folder where files are exchanged."""

    root: Path

    @property
    def project(self) -> Path:
        return self.root / "project"

    @property
    def desk(self) -> Path:
        return self.root / "desk"

    def command(self, *arguments: str) -> list[str]:
        return [BACKWRIGHT, *arguments]

    @property
    def environment(self) -> dict[str, str]:
        own = {
            "HOME": str(self.root),
            "XDG_DATA_HOME": str(self.root / "data"),
            "XDG_CONFIG_HOME": str(self.root / "config"),
            "BACKWRIGHT_TEST_MARK": str(self.root),
        }
        return {**os.environ, **own}

    def write(self, *more: str) -> list[str]:
        return self.command(
            "write", SENTENCE, "--by-hand", "--by-hand-folder", str(self.desk), "--into", str(self.project), *more
        )

    def run(self, *argv: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            argv, capture_output=True, text=True, input=stdin, env=self.environment, cwd=self.root, timeout=180
        )

    @contextlib.contextmanager
    def started(self, *argv: str) -> Iterator[subprocess.Popen[str]]:
        """A command at work, its output in a file, so that nothing waits for a reader."""
        with (self.root / "out.txt").open("w") as out:
            process = subprocess.Popen(
                argv,
                stdout=out,
                stderr=out,
                text=True,
                env=self.environment,
                cwd=self.root,
                preexec_fn=as_in_a_terminal,
            )
            try:
                yield process
            finally:
                if process.poll() is None:
                    process.kill()
                process.wait()

    def said(self) -> str:
        return (self.root / "out.txt").read_text()

    def prompt(self) -> Path:
        """The first prompt's file, once it is there."""
        return wait_for(lambda: next(iter(sorted(self.desk.glob("*.prompt.md"))), None), "a prompt")

    def answer(self, text: str) -> None:
        """Save the answer beside the prompt, whole at once, as old as if it had lain there."""
        target = Path(str(self.prompt()).replace(".prompt.md", ".answer.md"))
        target.with_suffix(".tmp").write_text(text)
        target.with_suffix(".tmp").rename(target)

    def left_behind(self) -> list[str]:
        """Processes of ours that are still there."""
        found = []
        for each in Path("/proc").iterdir():
            if each.name.isdigit():
                with contextlib.suppress(OSError):
                    text = (each / "environ").read_bytes() + (each / "cmdline").read_bytes()
                    if str(self.root).encode() in text:
                        found.append((each / "cmdline").read_bytes().decode(errors="replace"))
        return found


def wait_for(look, what: str, seconds: float = 60.0):  # type: ignore[no-untyped-def]
    """What `look` finds, once it finds something."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = look()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"{what} did not come")


@pytest.fixture
def place(tmp_path: Path) -> Place:
    made = Place(tmp_path)
    made.project.mkdir()
    return made


def run_id(place: Place) -> str:
    """The id of the only run."""
    lines = place.run(*place.command("runs")).stdout.splitlines()
    assert len(lines) == 1, lines
    return lines[0].split()[0]


def test_a_proved_answer_lands_with_its_evidence_and_can_be_undone(place: Place) -> None:
    (place.project / "mine.txt").write_text("mine")
    with place.started(*place.write("--yes")) as process:
        place.answer(render(Draft.of(files())))
        assert process.wait(120) == 0, place.said()
    assert (place.project / "auth.py").read_text() == files()["auth.py"]
    evidence = json.loads(next((place.project / ".backwright/evidence").glob("*.json")).read_text())
    assert evidence["verdict"] == "passed" and evidence["sentence"] == SENTENCE
    assert {stage["name"] for stage in evidence["stages"]} >= {"answer", "code", "part", "tests"}
    assert evidence["recipe"]["id"] == "jwt-middleware" and evidence["seeds"]["schemathesis"] == 1
    assert len(evidence["prompts"][0]["sha256"]) == 64
    shown = place.run(*place.command("runs", "show", run_id(place)[:12], "--answers")).stdout
    assert "passed" in shown and "tokens unknown" in shown and "current_user" in shown
    assert SENTENCE[:60] in place.run(*place.command("runs", "--search", "current_user")).stdout
    assert "no runs hold" in place.run(*place.command("runs", "--search", "unheard-of")).stdout
    undone = place.run(*place.command("undo", str(place.project)))
    assert undone.returncode == 0, undone.stderr
    assert not (place.project / "auth.py").exists() and (place.project / "mine.txt").read_text() == "mine"


def test_a_file_of_the_users_is_never_overwritten(place: Place) -> None:
    (place.project / "auth.py").write_text("# mine\n")
    with place.started(*place.write("--yes")) as process:
        place.answer(render(Draft.of(files())))
        assert process.wait(120) == 1, place.said()
    assert "auth.py exists and was not landed by backwright" in " ".join(place.said().split())
    assert (place.project / "auth.py").read_text() == "# mine\n"
    assert not (place.project / "README.md").exists()


def test_a_dry_run_shows_the_diff_and_apply_lands_it_later(place: Place) -> None:
    with place.started(*place.write("--dry-run")) as process:
        place.answer(render(Draft.of(files())))
        assert process.wait(120) == 0, place.said()
    assert "+++" in place.said() and "nothing was written" in place.said()
    assert list(place.project.iterdir()) == []
    run = run_id(place)
    refused = place.run(*place.command("apply", run, "--into", str(place.project)), stdin="n\n")
    assert "nothing landed" in refused.stdout and list(place.project.iterdir()) == []
    landed = place.run(*place.command("apply", run, "--into", str(place.project)), stdin="y\n")
    assert landed.returncode == 0 and (place.project / "auth.py").exists()


def test_what_failed_does_not_land_and_its_findings_go_back(place: Place) -> None:
    broken = {**files(), "auth.py": files()["auth.py"].replace("HTTP", "HTPP", 1)}
    with place.started(*place.write("--yes", "--rounds", "1")) as process:
        place.answer(render(Draft.of(broken)))
        assert process.wait(120) == 1, place.said()
    assert "nothing landed: it failed" in place.said()
    assert list(place.project.iterdir()) == []
    applied = place.run(*place.command("apply", run_id(place), "--into", str(place.project), "--yes"))
    assert applied.returncode == 2 and "may not land" in applied.stderr


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGKILL])
@pytest.mark.parametrize("at", ["waiting for the answer", "code ", "part ", "tests "])
def test_a_stopped_run_goes_on_without_a_second_question(place: Place, stop: signal.Signals, at: str) -> None:
    with place.started(*place.write("--yes")) as process:
        place.prompt()
        if at != "waiting for the answer":
            place.answer(render(Draft.of(files())))
        wait_for(lambda: at in place.said() or process.poll() is not None, at)
        process.send_signal(stop)
        code = process.wait(30)
    if code not in (0, -signal.SIGKILL):
        assert code == 130
        assert f"backwright resume {run_id(place)}" in place.said()
        assert "Traceback" not in place.said()
    wait_for(lambda: not place.left_behind(), "the end of every process", 10)
    half_landed = {path.name for path in place.project.iterdir()}
    assert half_landed in (set(), {".backwright", "auth.py", "tests", "README.md"})
    with place.started(*place.command("resume", run_id(place), "--yes")) as process:
        if at == "waiting for the answer":
            place.answer(render(Draft.of(files())))
        assert process.wait(120) == 0, place.said()
    assert (place.project / "auth.py").exists()
    assert len(list(place.desk.glob("*.prompt.md"))) == 1
    assert "passed" in place.run(*place.command("runs")).stdout
