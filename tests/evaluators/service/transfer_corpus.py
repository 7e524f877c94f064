"""The reference service of the corpus, its mutants, and one pass of boot and fuzz over them."""

from __future__ import annotations

import asyncio
import tomllib
from pathlib import Path
from typing import Any, cast

from evaluators import stacks
from evaluators.bench import Bench
from evaluators.draft import Draft, Subject
from evaluators.probes.rehearsal import rehearsed_world
from evaluators.report import StageResult
from evaluators.service import boot, fuzz
from evaluators.stacks.environment import build

FOLDER = Path(__file__).parents[2] / "corpus" / "fastapi_transfer"


def files(dialect: str = "postgres") -> dict[str, str]:
    """The good service's files, with the dialect's schema."""
    good = FOLDER / "good"
    found = {
        str(path.relative_to(good)): path.read_text(encoding="utf-8")
        for path in sorted(good.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }
    if dialect == "sqlite":
        found["schema.sql"] = (FOLDER / "sqlite" / "schema.sql").read_text(encoding="utf-8")
    return found


def mutants(stage: str) -> dict[str, dict[str, Any]]:
    """Name -> mutant, of those that a stage must see."""
    found = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in FOLDER.glob("mutants/*.toml")}
    return {name: mutant for name, mutant in sorted(found.items()) if mutant["stage"] == stage}


def planted(good: dict[str, str], *defects: dict[str, Any]) -> dict[str, str]:
    """The files with the mutants' edits; an edit that does not fit is an error."""
    changed = dict(good)
    for defect in defects:
        for edit in defect["edit"]:
            assert changed[edit["path"]].count(edit["old"]) == 1, edit
            changed[edit["path"]] = changed[edit["path"]].replace(edit["old"], edit["new"])
    return changed


def subject(made: dict[str, str], **more: Any) -> Subject:
    """A subject of the stack."""
    return Subject(Draft.of(made), stack="fastapi", **more)


async def _judged(given: Subject, stages: tuple[str, ...]) -> dict[str, StageResult]:
    await build(stacks.find("fastapi"))
    async with Bench() as bench:
        found = {"boot": await boot.judge(given, bench)}
        if "probes" in stages:
            async with rehearsed_world(cast(boot.Running, bench.kept(boot.Running)), bench):
                pass
        if "fuzz" in stages:
            found["fuzz"] = await fuzz.judge(given, bench)
    return found


def judge(given: Subject, *stages: str) -> dict[str, StageResult]:
    """Boot, and rehearse (`probes`) and fuzz if asked for, whatever boot said."""
    return asyncio.run(_judged(given, stages))


def judge_twice(given: Subject, *stages: str) -> list[dict[str, StageResult]]:
    """Two passes at once, each with everything of its own."""

    async def both() -> list[dict[str, StageResult]]:
        return list(await asyncio.gather(_judged(given, stages), _judged(given, stages)))

    return asyncio.run(both())
