"""`backwright check --against`: the exit code and the one line of what goes wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.cli.app import build
from assistant.errors import UsageError


def check(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(build(), ["check", *arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


def states(folder: Path) -> tuple[Path, Path]:
    for name, columns in (("old", "id bigint PRIMARY KEY, note text"), ("new", "id bigint PRIMARY KEY")):
        (folder / name).mkdir()
        (folder / name / "schema.sql").write_text(f"CREATE TABLE notes ({columns});\n")
    return folder / "old", folder / "new"


def test_what_breaks_fails_the_check(tmp_path: Path) -> None:
    old, new = states(tmp_path)
    code, text = check(str(new), "--against", str(old), "--require", "breaking")
    assert code == 1
    assert "column-dropped" in text
    assert "breaks: stored data" in text


def test_what_breaks_nothing_passes(tmp_path: Path) -> None:
    old, new = states(tmp_path)
    assert check(str(old), "--against", str(new), "--require", "breaking")[0] == 0


def test_without_an_earlier_state_the_stage_does_not_run(tmp_path: Path) -> None:
    _, new = states(tmp_path)
    code, text = check(str(new), "--require", "static", "--format", "json")
    assert code in (0, 1, 3)
    assert "column-dropped" not in text


def test_a_bad_revision_is_one_clear_line(tmp_path: Path) -> None:
    _, new = states(tmp_path)
    with pytest.raises(UsageError) as error:
        check(str(new), "--against", "no-such-branch")
    assert "\n" not in str(error.value)
