"""What the command line does with and without walls around the judged code."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.cli.app import build
from assistant.errors import BackwrightError, UsageError
from evaluators.service.backend import Backend, chosen

RUNNER = CliRunner()


def project(folder: Path) -> Path:
    """A project that is so small that nothing but its table is judged."""
    (folder / "schema.sql").write_text("CREATE TABLE notes (id integer PRIMARY KEY, body text NOT NULL);\n")
    return folder


def test_without_isolation_there_is_a_warning(tmp_path: Path) -> None:
    done = RUNNER.invoke(build(), ["check", str(project(tmp_path)), "--no-isolation", "--require", "static"])
    assert done.exit_code == 0, done.output
    assert "runs without isolation" in done.stderr
    assert chosen() is Backend.BUBBLEWRAP


def test_with_isolation_there_is_none(tmp_path: Path) -> None:
    done = RUNNER.invoke(build(), ["check", str(project(tmp_path)), "--require", "static"])
    assert done.exit_code == 0 and "isolation" not in done.stderr


def test_a_models_answer_never_runs_without_isolation(tmp_path: Path) -> None:
    answer = tmp_path / "answer.md"
    answer.write_text("`schema.sql`\n\n```sql\nCREATE TABLE notes (id integer PRIMARY KEY);\n```\n")
    done = RUNNER.invoke(build(), ["check", str(answer), "--no-isolation"])
    assert isinstance(done.exception, UsageError)
    assert "runs in the sandbox alone" in done.exception.message


@pytest.mark.parametrize("command", [["write", "x"], ["resume", "x"]])
def test_no_other_command_knows_the_option(command: list[str]) -> None:
    done = RUNNER.invoke(build(), [*command, "--no-isolation"])
    assert done.exit_code == 2 and "No such option" in done.output


def test_write_refuses_where_the_variable_asks_for_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BACKWRIGHT_ISOLATION", "none")
    monkeypatch.chdir(tmp_path)
    done = RUNNER.invoke(build(), ["write", "Write a FastAPI CRUD route for the `notes` table", "--model", "recorded"])
    assert isinstance(done.exception, BackwrightError), done.output
    assert "no isolation on this machine" in done.exception.message
