"""Only one process advances a run; a killed one does not block it."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from assistant.errors import JournalError
from assistant.journal import Journal
from assistant.lease import holder_name, holding

HOLD = """
import asyncio, sys
from assistant.journal import Journal
from assistant.lease import holding

async def body():
    with Journal.open(sys.argv[1]) as journal:
        async with holding(journal, sys.argv[2]):
            print("held", flush=True)
            await asyncio.sleep(60)

asyncio.run(body())
"""


def history(folder: Path) -> tuple[str, str]:
    """A history's URL and a run in it."""
    url = f"sqlite:///{folder / 'h.sqlite'}"
    with Journal.open(url) as journal:
        return url, journal.begin("s", brief={}, recipe="r").id


def test_a_second_holder_is_refused_and_a_killed_one_replaced(tmp_path: Path) -> None:
    url, run = history(tmp_path)
    process = subprocess.Popen([sys.executable, "-c", HOLD, url, run], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"

    async def try_it() -> None:
        with Journal.open(url) as journal:
            async with holding(journal, run):
                pass

    with pytest.raises(JournalError, match=f"advanced by another process .*:{process.pid}"):
        asyncio.run(try_it())
    process.kill()
    process.communicate()
    asyncio.run(try_it())


def test_a_lease_of_another_machine_runs_out(tmp_path: Path) -> None:
    url, run = history(tmp_path)
    with Journal.open(url) as journal:
        assert journal.claim(run, "elsewhere:1:a", 100.0, 160.0) == ""
        assert journal.claim(run, "me", 120.0, 180.0) == "elsewhere:1:a"
        assert journal.claim(run, "elsewhere:1:a", 150.0, 210.0) == ""
        assert journal.claim(run, "me", 180.0, 240.0) == "elsewhere:1:a"
        assert journal.claim(run, "me", 211.0, 240.0) == ""
        journal.release(run, "elsewhere:1:a")
        assert journal.claim(run, "third", 212.0, 240.0) == "me"
        journal.release(run, "me")
        assert journal.claim(run, "third", 213.0, 240.0) == ""


def test_work_longer_than_the_lease_keeps_it(tmp_path: Path) -> None:
    url, run = history(tmp_path)

    async def body() -> None:
        with Journal.open(url) as journal:
            async with holding(journal, run, seconds=0.3):
                await asyncio.sleep(0.6)
                assert journal.claim(run, "other", time.time(), time.time() + 1) != ""
            assert journal.claim(run, "other", time.time(), time.time() + 1) == ""

    asyncio.run(body())


def test_names_differ() -> None:
    assert holder_name() != holder_name()
    assert holder_name().startswith(socket.gethostname())
