"""`check` keeps static results by content in the user's cache, and `--no-cache` keeps nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant.cli.app import build

BAD = "CREATE TABLE orders (name text, price real);\n"


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("BACKWRIGHT_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "results"


def checked(folder: Path, *more: str) -> dict[str, object]:
    done = CliRunner().invoke(build(), ["check", str(folder), "--require", "static", "--format", "json", *more])
    read: dict[str, object] = json.loads(done.stdout)
    return read


def entries(cache: Path) -> list[Path]:
    return sorted(cache.rglob("*.json"))


def test_the_second_report_is_the_first(tmp_path: Path, cache: Path) -> None:
    (tmp_path / "schema.sql").write_text(BAD, encoding="utf-8")
    first = checked(tmp_path)
    kept = entries(cache)
    assert kept
    assert checked(tmp_path) == first
    assert entries(cache) == kept


def test_a_change_is_judged_anew(tmp_path: Path, cache: Path) -> None:
    (tmp_path / "schema.sql").write_text(BAD, encoding="utf-8")
    first = checked(tmp_path)
    (tmp_path / "schema.sql").write_text(BAD.replace("price real", "price numeric(9, 2)"), encoding="utf-8")
    assert checked(tmp_path)["findings"] != first["findings"]


def test_without_it_nothing_is_kept(tmp_path: Path, cache: Path) -> None:
    (tmp_path / "schema.sql").write_text(BAD, encoding="utf-8")
    assert checked(tmp_path, "--no-cache")["verdict"] == "failed"
    assert entries(cache) == []
