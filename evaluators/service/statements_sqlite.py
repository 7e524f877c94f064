"""How many statements a service on SQLite sends: a second instance of it counts what its connections run.

SQLite has no server that could tell. So the service is started once more, on
the same file, with a module of the gate's that Python imports first
(`sitecustomize`). It gives every connection of `sqlite3` a trace callback that
adds one byte to a file for each statement; the gate reads the file's length.
The instance that all other probes ask knows nothing of it.

The code that is judged runs beside that module and could write to the file as
well. It would lie about its speed to its own author, and about nothing else.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import stat
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from evaluators.service import launch
from evaluators.service.boot import Running, plain_paths
from evaluators.service.bridge import Door, forward
from evaluators.service.client import ask
from evaluators.service.sandbox import Bind, SandboxError, start
from evaluators.service.served import prefix_of

SITE = "/run/backwright-statements"
"""The folder of the module, inside."""
COUNTED = "/run/backwright-counted"
"""The folder of the file, inside."""
NAME = "statements"
MODULE = f"""
import os, sys, _sqlite3
from importlib.machinery import PathFinder
from importlib.util import module_from_spec

counted = os.open("{COUNTED}/{NAME}", os.O_WRONLY | os.O_APPEND)
original = _sqlite3.connect

def said(statement):
    os.write(counted, b".")

def connect(*words, **named):
    made = original(*words, **named)
    made.set_trace_callback(said)
    return made

_sqlite3.connect = connect

# Whatever the environment has by this name runs too.
found = PathFinder.find_spec("sitecustomize", [each for each in sys.path if each != "{SITE}"])
if found is not None and found.loader is not None:
    found.loader.exec_module(module_from_spec(found))
"""
"""Imported before `sqlite3`, which takes over what it finds: so do aiosqlite, SQLAlchemy and all others."""
POLL_SECONDS = 0.03


@dataclass(frozen=True)
class Instance:
    """A second instance of a service, which counts."""

    door: Door
    file: Path

    @property
    def count(self) -> int:
        """How many statements were run so far. What the guest put in the file's place counts as none."""
        try:
            found = self.file.lstat()
        except OSError:
            return 0
        return found.st_size if stat.S_ISREG(found.st_mode) else 0


@asynccontextmanager
async def counting(running: Running) -> AsyncIterator[Instance | None]:
    """Start the instance that counts; None where it does not answer, or nothing isolates it."""
    folder = Path(tempfile.mkdtemp(prefix="backwright-counted-"))
    try:
        async with AsyncExitStack() as stack:
            yield await _started(running, folder, stack)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _opened(folder: Path) -> Path:
    """The file that the guest may write to."""
    file = folder / NAME
    file.touch(0o600)
    folder.chmod(0o755)
    if os.geteuid() == 0:
        for each in (folder, file):
            os.chown(each, launch.UNPRIVILEGED, launch.UNPRIVILEGED)
    return file


async def _started(running: Running, folder: Path, stack: AsyncExitStack) -> Instance | None:
    file = _opened(folder)
    confined = running.process.confined
    path = ":".join((SITE, *filter(None, [confined.env.get("PYTHONPATH")])))
    confined = replace(
        confined,
        env={**confined.env, "PYTHONPATH": path},
        binds=(*confined.binds, Bind(folder, COUNTED, writable=True)),
        planted={**confined.planted, f"{SITE}/sitecustomize.py": MODULE},
    )
    try:
        process = await stack.enter_async_context(start(confined))
    except SandboxError:
        return None
    door = await stack.enter_async_context(forward(process))
    target = prefix_of(running.contract) + plain_paths(running.contract, "/")[0]
    until = asyncio.get_running_loop().time() + (running.stack.service.starts_within if running.stack else 0.0)
    while process.alive and (left := until - asyncio.get_running_loop().time()) > 0:
        if (await ask(door.base_url, "GET", target, seconds=left)).status:
            return Instance(door, file)
        await asyncio.sleep(POLL_SECONDS)
    return None
