"""Statements are counted where they are run, on each database; what the guest puts in the file's place is none."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from evaluators.service import statements_mariadb, statements_sqlite
from evaluators.service.boot import Running
from evaluators.service.bridge import Door
from evaluators.service.client import ask
from evaluators.service.mariadb import binaries
from tests.measure.running import booted

CORPUS = Path(__file__).parents[2] / "corpus"
BLOG = CORPUS / "services" / "blog" / "good"
KIOSK = CORPUS / "services" / "kiosk" / "good"


async def _asked(base_url: str, path: str) -> int:
    return (await ask(base_url, "GET", path)).status


def test_a_second_instance_on_sqlite_counts_its_own_statements_alone() -> None:
    async def main() -> None:
        async with booted(BLOG) as (running, _), statements_sqlite.counting(running) as instance:
            assert instance is not None
            before = instance.count
            assert await _asked(running.door.base_url, "/posts") == 200
            assert instance.count == before
            assert await _asked(instance.door.base_url, "/posts") == 200
            once = instance.count - before
            assert once > 1
            assert await _asked(instance.door.base_url, "/posts") == 200
            assert instance.count - before == 2 * once

    asyncio.run(main())


def test_where_nothing_is_planted_nothing_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statements_sqlite, "MODULE", "")

    async def main() -> None:
        async with booted(BLOG) as (running, _), statements_sqlite.counting(running) as instance:
            assert instance is not None
            assert await _asked(instance.door.base_url, "/posts") == 200
            assert instance.count == 0

    asyncio.run(main())


def test_a_link_or_a_pipe_in_the_place_of_the_file_counts_nothing(tmp_path: Path) -> None:
    (tmp_path / "large").write_bytes(b"." * 100)
    (tmp_path / "link").symlink_to(tmp_path / "large")
    os.mkfifo(tmp_path / "pipe")
    counts = {name: statements_sqlite.Instance(Door(""), tmp_path / name).count for name in ("link", "pipe", "gone")}
    assert counts == {"link": 0, "pipe": 0, "gone": 0}
    assert statements_sqlite.Instance(Door(""), tmp_path / "large").count == 100


@pytest.mark.skipif(binaries() is None, reason="MariaDB is not installed")
def test_mariadb_writes_down_what_the_service_sends_and_only_while_it_is_counted() -> None:
    async def main() -> None:
        async with booted(KIOSK) as (running, _):
            assert isinstance(running, Running)
            path = next(op.path for op in running.contract.operations if op.method == "GET" and not op.security)
            async with statements_mariadb.counting(running.database) as written:
                before = await written.count()
                assert await _asked(running.base_url, path) == 200
                counted = await written.count()
                assert counted > before
                await running.database.row_counts()
                assert await written.count() == counted
            assert await _asked(running.base_url, path) == 200
            assert await written.count() == 0

    asyncio.run(main())
