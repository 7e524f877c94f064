"""A good service on MySQL's dialect is booted and probed on MariaDB without a word; a defect in it is found."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from pathlib import Path

import pytest

from evaluators.bench import Bench
from evaluators.draft import Draft, Subject
from evaluators.folder import find
from evaluators.probes import stage
from evaluators.probes.rehearsal import rehearsed_world
from evaluators.report import StageResult, State
from evaluators.service import boot
from evaluators.service.client import ask

KIOSK = Path(__file__).parents[2] / "corpus" / "services" / "kiosk"


def judged(folder: Path, *rules: str) -> tuple[StageResult, dict[str, int]]:
    """What these probes say about a folder, and the rows that are there when all is set back."""

    async def main() -> tuple[StageResult, dict[str, int]]:
        subject = find(folder).subject
        assert subject.dialect == "mysql"
        async with Bench() as bench:
            booted = await boot.judge(subject, bench)
            assert (booted.stage.state, booted.findings) == (State.PASSED, ())
            running = bench.kept(boot.Running)
            assert isinstance(running, boot.Running)
            async with rehearsed_world(running, bench) as world:
                result = await stage.probed(world, frozenset(rules))
                assert {name: len(rows) for name, rows in world.sealed.items()} == await running.database.row_counts()
                assert await world.look.everything() == world.sealed
                return result, await running.database.row_counts()

    return asyncio.run(main())


def planted(name: str, into: Path) -> Path:
    """The service with one defect."""
    folder = into / name
    shutil.copytree(KIOSK / "good", folder)
    patch = (KIOSK / "defects" / f"o-{name}.patch").read_text()
    subprocess.run(["patch", "-s", "-p1", "-d", str(folder)], input=patch, text=True, check=True)
    return folder


def test_every_operation_is_played_and_nothing_is_said() -> None:
    result, rows = judged(KIOSK / "good", "read-by-stranger", "create-loses-value", "sql-injection")
    assert result.findings == ()
    assert result.stage.state is State.PASSED and result.stage.detail.endswith("14 of 14 operations")
    assert all(count for name, count in rows.items() if name != "login_attempts"), "every table was filled"


@pytest.mark.parametrize(
    ("name", "rule", "symbol"),
    [
        ("orders-of-anybody", "read-by-stranger", "GET /orders/{order_id}"),
        ("words-in-the-statement", "sql-injection", "GET /products"),
    ],
)
def test_a_planted_defect_is_found(name: str, rule: str, symbol: str, tmp_path: Path) -> None:
    result, _ = judged(planted(name, tmp_path), rule)
    assert rule in {each.rule for each in result.findings}
    assert any(each.symbol.startswith(symbol) for each in result.findings)


ASYNCHRONOUS = """
import os
from fastapi import FastAPI
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

engine = create_async_engine(os.environ["DATABASE_URL"])
app = FastAPI()

@app.get("/notes")
async def notes() -> list[str]:
    async with engine.begin() as session:
        await session.execute(text("INSERT INTO notes (body) VALUES (:body)"), {"body": engine.dialect.driver})
        return list((await session.execute(text("SELECT body FROM notes"))).scalars())
"""
PLAIN = ASYNCHRONOUS.replace("ext.asyncio import create_async_engine", "engine import create_engine")
PLAIN = PLAIN.replace("create_async_engine", "create_engine").replace("async ", "").replace("await ", "")


@pytest.mark.parametrize(
    ("driver", "code"), [("aiomysql", ASYNCHRONOUS), ("asyncmy", ASYNCHRONOUS), ("pymysql", PLAIN)]
)
def test_each_driver_of_the_stack_reaches_the_database(driver: str, code: str) -> None:
    files = {
        "app/main.py": code,
        "requirements.txt": f"fastapi\nsqlalchemy\n{driver}\n",
        "schema.sql": "CREATE TABLE notes (id int AUTO_INCREMENT PRIMARY KEY, body varchar(20) NOT NULL);",
    }

    async def main() -> bytes:
        async with Bench() as bench:
            await boot.judge(Subject(Draft.of(files), dialect="mysql", stack="fastapi"), bench)
            running = bench.kept(boot.Running)
            assert isinstance(running, boot.Running)
            before = len(await running.database.rows("notes"))
            await running.database.seal()
            answer = await ask(running.base_url, "GET", "/notes", seconds=10)
            assert len(await running.database.rows("notes")) == before + 1
            await running.database.reset()
            assert len(await running.database.rows("notes")) == before
            return answer.body

    assert f'"{driver}"'.encode() in asyncio.run(main())
