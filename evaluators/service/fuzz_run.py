"""The fuzzer's process: started before there is an order, ended with its stage."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import evaluators
from evaluators.bench import Bench
from evaluators.service.engine import Exchange, Order, Result, read_result, read_unanswered
from evaluators.service.sandbox import Process as Service

GONE_SECONDS = 1.0
"""What the fuzzer is given after the service's end."""


class EngineFailed(Exception):
    """The fuzzer's process ended without a result; one line says why."""


@dataclass(frozen=True)
class Engine:
    """A fuzzer that waits for its order, in a folder of its own."""

    process: Process
    folder: Path

    @property
    def unanswered(self) -> tuple[Exchange, ...]:
        """The requests that it noted as unanswered."""
        try:
            return read_unanswered((self.folder / "unanswered.json").read_text(encoding="utf-8"))
        except (OSError, ValueError, KeyError, TypeError):
            return ()


@asynccontextmanager
async def engine(bench: Bench) -> AsyncIterator[Engine]:
    """A fuzzer that gets ready while the gate does: it takes a second to be imported."""
    folder = _fresh(bench.scratch)
    code = Path(evaluators.__file__).parent.parent
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "evaluators.service.engine", "result.json"),
        cwd=folder,
        stdin=PIPE,
        stdout=DEVNULL,
        stderr=PIPE,
        env={**_environment(folder), "PYTHONPATH": str(code)},
    )
    try:
        yield Engine(process, folder)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def run(order: Order, fuzzer: Engine, service: Service, seconds: float) -> tuple[Result, tuple[Exchange, ...]]:
    """Give the fuzzer its order and wait for its end, or the service's.

    Returns what it found (nothing, if the service ended first), and the first
    requests that got no answer. Raises TimeoutError and EngineFailed.
    """
    process = fuzzer.process
    ending = asyncio.ensure_future(process.communicate(json.dumps(asdict(order)).encode()))
    dying = asyncio.ensure_future(service.wait())
    try:
        done, _ = await asyncio.wait({ending, dying}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        if not done:
            raise TimeoutError
        if ending not in done:
            # What it cannot reach it would try for a long time; a moment is left to note what went unanswered.
            await asyncio.wait({ending}, timeout=GONE_SECONDS)
    finally:
        dying.cancel()
        if process.returncode is None:
            process.kill()
        _, said = await ending
    try:
        return read_result((fuzzer.folder / "result.json").read_text(encoding="utf-8")), fuzzer.unanswered
    except (OSError, ValueError, KeyError, TypeError) as error:
        if not service.alive:
            return Result(), fuzzer.unanswered
        last = said.decode(errors="replace").strip().split("\n")[-1][:300]
        raise EngineFailed(f"the fuzzer gave no result: {last}") from error


def _environment(folder: Path) -> dict[str, str]:
    """No setting of the user's reaches the fuzzer, and what it writes goes with the folder."""
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    # Without NO_PROXY each request looks for a proxy of this host.
    fixed = {"LANG": "C.UTF-8", "TZ": "UTC", "PYTHONHASHSEED": "0", "NO_PROXY": "127.0.0.1"}
    return {**kept, **fixed, "HOME": str(folder)}


def _fresh(scratch: Path) -> Path:
    """A new folder below the bench's."""
    number = sum(1 for each in scratch.iterdir() if each.name.startswith("fuzz-"))
    folder = scratch / f"fuzz-{number}"
    folder.mkdir()
    return folder
