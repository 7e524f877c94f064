"""A wheel built from the tree works in an empty environment, with its prompts, stacks and rules inside."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
UV = str(Path(sys.executable).with_name("uv"))


def run(*argv: str, **more: object) -> str:
    """Run a command that must succeed; its output."""
    done = subprocess.run(argv, capture_output=True, text=True, **more)  # type: ignore[call-overload]
    assert done.returncode == 0, done.stderr
    return str(done.stdout)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment that has the wheel and its runtime dependencies, and nothing of the tree."""
    folder = tmp_path_factory.mktemp("wheel")
    run(
        UV,
        "build",
        "--quiet",
        "--wheel",
        "--no-build-isolation",
        "--python",
        sys.executable,
        "-o",
        str(folder),
        str(ROOT),
    )
    wheel = next(folder.glob("backwright-*.whl"))
    run(UV, "venv", "--quiet", "--python", sys.executable, str(folder / "venv"))
    python = str(folder / "venv" / "bin" / "python")
    lock = (ROOT / "requirements.lock").read_text()
    # The lock holds the development tools too; they are more than a user gets, never less.
    (folder / "requirements.lock").write_text(lock)
    run(UV, "pip", "install", "--quiet", "--python", python, "-r", str(folder / "requirements.lock"))
    run(UV, "pip", "install", "--quiet", "--python", python, "--no-deps", str(wheel))
    return folder / "venv" / "bin"


def test_the_recordings_of_the_acceptance_requests_ship_and_no_others(installed: Path) -> None:
    package = next((installed.parent / "lib").glob("python*/site-packages/prompts"))
    shipped = {path.relative_to(package).as_posix() for path in package.glob("*/*/cassettes/*/*.yaml")}
    there = {
        path.relative_to(ROOT / "prompts").as_posix() for path in (ROOT / "prompts").glob("*/*/cassettes/*/*.yaml")
    }
    assert shipped == {path for path in there if re.fullmatch(r"recipes/[^/]+/cassettes/acceptance-\d+/1\.yaml", path)}
    assert len(shipped) == 8 < len(there)
    assert {path.name for path in (package / "arms" / "bare").iterdir()} >= {"arm.toml", "prompt.md.j2", "facts"}


def test_the_command_lists_the_recipes_that_ship(installed: Path, tmp_path: Path) -> None:
    shown = run(str(installed / "backwright"), "recipes", cwd=tmp_path)
    assert len(re.findall(r"^[a-z-]+ +v\d", shown, re.MULTILINE)) >= 9


def test_it_renders_a_prompt_from_the_packaged_templates(installed: Path, tmp_path: Path) -> None:
    sentence = "Write a FastAPI route to transfer funds with Postgres and JWT"
    shown = run(str(installed / "backwright"), "prompt", sentence, cwd=tmp_path)
    assert "You are a senior backend engineer" in shown and "openapi.yaml" in shown


def test_it_judges_a_schema_with_the_packaged_rules(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "schema.sql").write_text("CREATE TABLE t (price real NOT NULL);\n")
    done = subprocess.run(
        [str(installed / "backwright"), "check", "schema.sql", "--require", "sql"],
        capture_output=True, text=True, cwd=tmp_path, env={**os.environ, "HOME": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 1
    assert "missing-primary-key" in done.stdout and "float-money" in done.stdout


def test_it_plays_a_packaged_recording(installed: Path, tmp_path: Path) -> None:
    sentence = "Create a FastAPI middleware that checks for a valid JWT in the Authorization header."
    environment = {**os.environ, "HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "data")}
    done = subprocess.run(
        [str(installed / "backwright"), "write", sentence, "--model", "recorded"],
        capture_output=True, text=True, cwd=tmp_path, env=environment,
    )  # fmt: skip
    assert "(recorded)" in done.stdout, done.stderr
