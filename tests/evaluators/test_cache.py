"""The cache of static results: what has not changed is not judged again, and nothing else is taken for it."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from evaluators import cache as module
from evaluators.cache import SHELF, Cache, key_of
from evaluators.draft import Draft, Subject
from evaluators.gate import STATIC, Gate
from evaluators.report import Report
from evaluators.sql import lint

BAD = Draft.of({"schema.sql": "CREATE TABLE t (price real);", "app/main.py": "import os\n"})


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Filled with a name for each time that the stage `sql` really runs."""
    told: list[str] = []
    judge = lint.judge

    async def counted(subject: Subject, bench: object) -> object:
        told.append("sql")
        return await judge(subject, bench)  # type: ignore[arg-type]

    monkeypatch.setattr(lint, "judge", counted)
    return told


def judged(subject: Subject, cache: Cache | None) -> Report:
    async def last() -> Report:
        async for event in Gate(frozenset({"sql"}) & STATIC, cache=cache).judge(subject):
            if isinstance(event, Report):
                return event
        raise AssertionError

    return asyncio.run(last())


def test_a_second_run_reads_what_the_first_kept(tmp_path: Path, runs: list[str]) -> None:
    cache = Cache(tmp_path)
    first, second = judged(Subject(BAD), cache), judged(Subject(BAD), cache)
    assert runs == ["sql"]
    assert [finding.rule for finding in first.findings] != []
    assert second == first


@pytest.mark.parametrize(
    "change",
    [
        lambda subject: replace(subject, draft=subject.draft.updated(Draft.of({"schema.sql": "SELECT 1;"}))),
        lambda subject: replace(subject, dialect="sqlite"),
        lambda subject: replace(subject, hostile=False),
        lambda subject: replace(subject, options=(("a", "b"),)),
        lambda subject: replace(subject, draft=Draft(subject.draft.artifacts[:1])),
    ],
)
def test_whatever_it_follows_from_changes_the_key(change: object) -> None:
    subject = Subject(BAD)
    assert key_of("sql", change(subject)) != key_of("sql", subject)  # type: ignore[operator]


def test_another_gate_has_other_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    before = key_of("sql", Subject(BAD))
    monkeypatch.setattr(module, "gate_identity", lambda: "another")
    assert key_of("sql", Subject(BAD)) != before


@pytest.mark.parametrize("text", ["", "{", "[]", '{"version": 1}', "\xff", '{"version": 1, "stages": []}'])
def test_a_damaged_entry_is_a_miss(tmp_path: Path, runs: list[str], text: str) -> None:
    cache = Cache(tmp_path)
    first = judged(Subject(BAD), cache)
    (entry,) = tmp_path.rglob("*.json")
    entry.write_text(text, encoding="latin-1")
    assert judged(Subject(BAD), cache).findings == first.findings
    assert runs == ["sql", "sql"]


def test_a_stage_that_ran_nothing_of_its_own_is_not_confused(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    judged(Subject(BAD), cache)
    (entry,) = tmp_path.rglob("*.json")
    key = entry.parent.name + entry.stem
    assert module.kept(cache, key, "sql") is not None
    assert module.kept(cache, key, "contract") is None


def test_the_oldest_go_first(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    for number in range(SHELF + 5):
        cache.put(f"ab{number:04d}", number)
    assert len(list((tmp_path / "ab").iterdir())) == SHELF
    assert cache.get("ab0000") is None
    assert cache.get(f"ab{SHELF + 4:04d}") == SHELF + 4


def test_a_folder_that_cannot_be_written_keeps_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    cache = Cache(tmp_path / "file")
    cache.put("abcd", 1)
    assert cache.get("abcd") is None


def test_what_ran_is_never_kept(tmp_path: Path) -> None:
    """The import run follows from the environment too, so `code` is kept only where nothing ran."""
    cache = Cache(tmp_path)
    subject = Subject(Draft.of({"app/main.py": "import os\n"}))

    async def through(gate: Gate) -> None:
        async for _ in gate.judge(subject):
            pass

    asyncio.run(through(Gate(frozenset({"code", "boot"}), cache=cache)))
    assert list(tmp_path.rglob("*.json")) == []
    asyncio.run(through(Gate(frozenset({"code"}), cache=cache)))
    assert list(tmp_path.rglob("*.json")) != []


def test_that_a_stage_does_not_apply_is_kept(tmp_path: Path, runs: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    cache, nothing = Cache(tmp_path), Subject(Draft.of({"README.md": "# Nothing\n"}))
    first = judged(nothing, cache)
    monkeypatch.setattr(lint, "applies", lambda subject: pytest.fail("asked again"))
    assert judged(nothing, cache) == first
    assert (runs, first.stages) == ([], ())


def test_the_root_of_a_draft_and_the_python_count(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before = key_of("code", Subject(BAD))
    assert key_of("code", Subject(BAD, root=tmp_path)) != before
    module.gate_identity.cache_clear()
    monkeypatch.setattr("sys.version", "another")
    assert key_of("code", Subject(BAD)) != before
    module.gate_identity.cache_clear()


def test_a_kept_run_imports_no_reader_of_artifacts(tmp_path: Path) -> None:
    """What is kept costs no import: a warm run reads files, hashes them, and loads results."""
    project = tmp_path / "project"
    project.mkdir()
    (project / "schema.sql").write_text("CREATE TABLE t (id integer PRIMARY KEY);\n", encoding="utf-8")
    (project / "main.py").write_text("import os\n", encoding="utf-8")
    text = (
        "import asyncio, sys\n"
        "from pathlib import Path\n"
        "from evaluators.cache import Cache\n"
        "from evaluators.folder import find\n"
        "from evaluators.gate import STATIC, Gate\n"
        f"subject = find(Path({str(project)!r})).subject\n"
        "async def through():\n"
        f"    gate = Gate(STATIC, cache=Cache(Path({str(tmp_path / 'cache')!r})))\n"
        "    return [each async for each in gate.judge(subject)]\n"
        "report = asyncio.run(through())[-1]\n"
        "print(len(report.stages), sorted({'sqlglot', 'postgast', 'evaluators.code.facts'} & set(sys.modules)))\n"
    )
    said = [
        subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    ]
    assert "evaluators.code.facts" in said[0]
    assert said[1] == said[0].partition("[")[0] + "[]\n"
