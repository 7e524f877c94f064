"""`check` keeps static results by content in the user's cache, and `--no-cache` keeps nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.cli.app import build

STRICT = "CREATE TABLE items (id bigserial PRIMARY KEY, label text NOT NULL);\n"
BAD = "CREATE TABLE orders (name text, price real);\n"


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BACKWRIGHT_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "results"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "schema.sql").write_text(BAD, encoding="utf-8")
    return tmp_path / "project"


def checked(folder: Path, *more: str) -> dict[str, object]:
    done = CliRunner().invoke(build(), ["check", str(folder), "--require", "static", "--format", "json", *more])
    read: dict[str, object] = json.loads(done.stdout)
    return read


def entries(cache: Path) -> list[Path]:
    return sorted(cache.rglob("*.json"))


def test_the_second_report_is_the_first(project: Path, cache: Path) -> None:
    first = checked(project)
    kept = entries(cache)
    assert kept
    assert checked(project) == first
    assert entries(cache) == kept


def test_a_change_is_judged_anew(project: Path, cache: Path) -> None:
    first = checked(project)
    (project / "schema.sql").write_text(BAD.replace("price real", "price numeric(9, 2)"), encoding="utf-8")
    assert checked(project)["findings"] != first["findings"]


def test_without_it_nothing_is_kept(project: Path, cache: Path) -> None:
    assert checked(project, "--no-cache")["verdict"] == "failed"
    assert entries(cache) == []


def test_a_kept_result_is_judged_on_the_same_terms(project: Path, cache: Path) -> None:
    """In a process of its own, which has loaded no rule: a strict rule stays out of `recommended`."""
    (project / "schema.sql").write_text(STRICT, encoding="utf-8")
    argv = [sys.executable, "-c", "from assistant.cli.app import main; main()", "check", str(project)]
    argv += ["--require", "static", "--format", "json"]
    runs = [json.loads(subprocess.run(argv, capture_output=True, check=False).stdout) for _ in range(2)]
    assert [run["findings"] for run in runs] == [[], []]
    assert entries(cache)
    strict = json.loads(subprocess.run([*argv, "--preset", "strict"], capture_output=True, check=False).stdout)
    assert [finding["rule"] for finding in strict["findings"]] == ["serial-column"]
