"""A project changed at random, step by step: what the cache tells is what an uncached run finds, byte for byte."""

from __future__ import annotations

import asyncio
import json
import os
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from evaluators.cache import Cache
from evaluators.draft import Draft, Subject
from evaluators.formats.json import as_value
from evaluators.gate import STATIC, Gate
from evaluators.report import Report, StageResult

GOOD = Path(__file__).parents[1] / "corpus" / "fastapi_transfer" / "good"

STEPS = int(os.environ.get("BACKWRIGHT_MUTATIONS", "8"))
"""Changes a seed; each costs two runs of the static gate."""

Files = dict[str, str]
Change = Callable[[Files, str, random.Random], None]

SNIPPETS = {
    ".py": (
        "\nimport requests\n\ndef fetch(url):\n    return requests.get(url, verify=False)\n",
        "\ndef same(token, given):\n    return token == given\n",
        '\nfrom app.main import app\n\n@app.get("/extra/{id}")\nasync def extra(id: int):\n    return {"id": id}\n',
        '\nimport os\n\nKEY = os.environ.get("SECRET_KEY", "changeme")\n',
        '\nfrom app.nowhere import thing\nprice: float = 1.0\nrevision = "1"\ndown_revision = None\nop = 1\n',
        "\ndef rows(db, name):\n    return db.execute(f\"SELECT * FROM users WHERE id = '{name}'\")\n",
    ),
    ".sql": ("\nCREATE TABLE extra (price real, name varchar(10));\n", "\nCREATE TABLE broken (;\n", "\n-- note\n"),
    ".yaml": ("\nx-note: here\n", "\npaths: 1\n"),
    ".txt": ("\nrequests\n", "\npyyaml==5.1\n"),
    ".md": ("\nSet SECRET_KEY.\n",),
}


def project() -> Files:
    """The good service, a README, and a part of the contract in a file of its own."""
    files = {
        path.relative_to(GOOD).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(GOOD.rglob("*"))
        if path.is_file() and path.suffix in (".py", ".sql", ".yaml", ".txt", ".md")
    }
    return {**files, "README.md": "# Transfers\n", "app/notes.py": "NOTES: dict[str, str] = {}\n"}


def lines(files: Files, path: str, chosen: random.Random) -> None:
    """A line goes, comes twice, or changes places with another."""
    text = files[path].split("\n")
    first, second = chosen.randrange(len(text)), chosen.randrange(len(text))
    kind = chosen.randrange(3)
    if kind == 0:
        del text[first]
    elif kind == 1:
        text.insert(second, text[first])
    else:
        text[first], text[second] = text[second], text[first]
    files[path] = "\n".join(text)


def word(files: Files, path: str, chosen: random.Random) -> None:
    """One word takes the place of another."""
    words = files[path].split(" ")
    words[chosen.randrange(len(words))] = chosen.choice(words)
    files[path] = " ".join(words)


def added(files: Files, path: str, chosen: random.Random) -> None:
    """Something stands at the end that is likely to be found."""
    files[path] += chosen.choice(SNIPPETS.get("." + path.rpartition(".")[2], ("\n",)))


def moved(files: Files, path: str, chosen: random.Random) -> None:
    """A file has another name, or a folder becomes a package, or is none any more."""
    folder, _, name = path.rpartition("/")
    made = chosen.choice([f"{folder}/sub/{name}", f"tests/test_{name}", f"{folder}/other_{name}"]).lstrip("/")
    files[made] = files.pop(path)
    initial = f"{folder}/__init__.py".lstrip("/")
    if initial in files and chosen.random() < 0.5:
        del files[initial]


def gone(files: Files, path: str, chosen: random.Random) -> None:
    """A file is gone, and perhaps a new one is there."""
    text = files.pop(path)
    if chosen.random() < 0.5:
        files[f"app/new{chosen.randrange(9)}.py"] = chosen.choice([text, "import os\n", ""])


CHANGES: tuple[Change, ...] = (lines, lines, word, added, added, moved, gone)


def told(subject: Subject, cache: Cache | None) -> tuple[list[str], str]:
    """Every stage's result and the report as JSON, without the times."""
    stages: list[str] = []
    whole = ""

    async def through() -> None:
        nonlocal whole
        async for event in Gate(STATIC, cache=cache).judge(replace(subject, _memo={})):
            if isinstance(event, StageResult):
                stage = replace(event.stage, seconds=0.0)
                value = as_value(Report((stage,), event.findings, event.not_checked))
                stages.append(json.dumps({**value, "doubt": event.doubt}))
            elif isinstance(event, Report):
                stripped = tuple(replace(stage, seconds=0.0) for stage in event.stages)
                whole = json.dumps(as_value(replace(event, stages=stripped)))

    asyncio.run(through())
    return stages, whole


@pytest.mark.parametrize("seed", range(2))
def test_a_changed_project_is_told_as_without_a_cache(tmp_path: Path, seed: int) -> None:
    chosen, cache, files = random.Random(seed), Cache(tmp_path / "cache"), project()
    seen: set[str] = set()
    for step in range(STEPS):
        if step % 4 == 3:
            files = project()  # What was seen before comes back, beside what is new.
        path = chosen.choice(sorted(files))
        chosen.choice(CHANGES)(files, path, chosen)
        subject = Subject(
            Draft.of(files),
            dialect=chosen.choice(["postgres", "postgres", "sqlite"]),
            stack=chosen.choice(["fastapi", None]),
            hostile=chosen.random() < 0.2,
            root=tmp_path,
        )
        plain = told(subject, None)
        assert told(subject, cache) == plain, (seed, step, path)
        assert told(subject, cache) == plain, (seed, step, path, "again")
        seen.update(plain[0])
    assert len(seen) > STEPS // 2, "the changes change nothing that is told"


@pytest.mark.parametrize(
    ("path", "stage"), [("README.md", "contract"), ("app/notes.py", "contract"), ("app/notes.py", "sql")]
)
def test_a_stage_is_not_run_again_for_what_it_does_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, stage: str
) -> None:
    import importlib

    from evaluators.gate import STAGES

    cache, files = Cache(tmp_path), project()
    told(Subject(Draft.of(files)), cache)
    monkeypatch.setattr(importlib.import_module(STAGES[stage]), "judge", None)
    changed = Subject(Draft.of({**files, path: files[path] + "\n"}))
    assert told(changed, cache) == told(changed, cache)
    results = [json.loads(each) for each in told(changed, cache)[0]]
    assert {each["stages"][0]["name"]: each["stages"][0]["state"] for each in results}[stage] == "passed"


def test_a_contract_that_speaks_of_code_is_read_again_with_it() -> None:
    from evaluators.cache import key_of

    files = {"openapi.yaml": "openapi: 3.1.0\nx-source: app/main.py\n", "app/main.py": "", "schema.sql": ""}
    before = key_of("contract", Subject(Draft.of(files)))
    assert key_of("contract", Subject(Draft.of({**files, "app/main.py": "x = 1\n"}))) != before
    assert key_of("contract", Subject(Draft.of({**files, "schema.sql": "SELECT 1;"}))) == before
