"""The pre-commit hook and the GitHub Action: their own commands are run as they are written."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
BAD = "CREATE TABLE orders (name text, price real);\n"
GOOD = "CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, note text NOT NULL);\n"


def loaded(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


def ran(script: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """`script` in bash, as a runner does it: stop at the first failure."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        cwd=folder,
        env={**os.environ, "PATH": path, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.mark.parametrize(("sql", "code"), [(BAD, 1), (GOOD, 0)])
def test_the_hook_judges_the_folder(tmp_path: Path, sql: str, code: int) -> None:
    (tmp_path / "schema.sql").write_text(sql, encoding="utf-8")
    (hook,) = loaded(".pre-commit-hooks.yaml")
    assert hook["language"] == "python"
    assert hook["pass_filenames"] is False
    assert ran(shlex.join(shlex.split(hook["entry"])), tmp_path).returncode == code


def step(name: str) -> Any:
    return next(each for each in loaded("action.yml")["runs"]["steps"] if each.get("name") == name)


def test_no_input_is_pasted_into_a_script() -> None:
    for each in loaded("action.yml")["runs"]["steps"]:
        assert "${{" not in each.get("run", "")


@pytest.mark.parametrize(("sql", "code"), [(BAD, 1), (GOOD, 0)])
def test_the_action_fails_on_errors_and_writes_a_summary(tmp_path: Path, sql: str, code: int) -> None:
    project, runner = tmp_path / "project", tmp_path / "runner"
    project.mkdir()
    runner.mkdir()
    (project / "schema.sql").write_text(sql, encoding="utf-8")
    inputs = {name: about["default"] for name, about in loaded("action.yml")["inputs"].items()}
    given = {
        variable: inputs[text.removeprefix("${{ inputs.").removesuffix(" }}")]
        for variable, text in step("Check")["env"].items()
    }
    summary = runner / "summary.md"
    done = ran(step("Check")["run"], project, RUNNER_TEMP=str(runner), GITHUB_STEP_SUMMARY=str(summary), **given)
    assert done.returncode == code, done.stderr
    assert ("::error file=schema.sql" in done.stdout) is (code == 1)
    assert ("missing-primary-key" in summary.read_text(encoding="utf-8")) is (code == 1)


def test_the_action_installs_what_is_beside_it() -> None:
    assert step("Install")["env"] == {"ACTION_PATH": "${{ github.action_path }}"}
    assert '"$ACTION_PATH"' in step("Install")["run"]
