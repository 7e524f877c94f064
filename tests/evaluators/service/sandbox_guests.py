"""What the sandbox's tests share: Python guests, and a gate that is not root."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from evaluators.service import launch
from evaluators.service.sandbox import MEBI, Confined, Limits, Outcome, python_binds, run

PYTHON = launch.interpreter()
REPOSITORY = Path(__file__).resolve().parents[3]
SMALL = Limits(memory=192 * MEBI, processes=32, disk=16 * MEBI, seconds=20, log_bytes=64 * 1024, cpu=20)


def guest(code: str, *, limits: Limits = SMALL, env: Mapping[str, str] | None = None, **more: Any) -> Confined:
    """A Python program to confine."""
    files = {**more.pop("files", {}), "guest.py": code}
    argv = (str(PYTHON), "-I", "-S", "/app/guest.py")
    return Confined(argv, env=env or {}, binds=python_binds(PYTHON), files=files, limits=limits, **more)


def ran(code: str, **more: Any) -> Outcome:
    """Run a Python program in the sandbox."""
    return asyncio.run(run(guest(code, **more)))


def told(code: str, **more: Any) -> Any:
    """What a Python program in the sandbox prints as JSON, last."""
    outcome = ran(code, **more)
    assert outcome.returncode == 0, outcome
    return json.loads(outcome.stdout.splitlines()[-1])


async def until(condition: Callable[[], Any], seconds: float = 20) -> None:
    """Wait until a condition holds; fail when it does not in time."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - the condition lies in another process
            await asyncio.sleep(0.01)


PUT_ON = """
import ctypes, os, sys
from pathlib import Path
libc = ctypes.CDLL(None)
libc.unshare(0x20000)
libc.mount(b"none", b"/", None, ctypes.c_ulong(16384 | 1 << 18), None)
needed = [Path(each) for each in sys.argv[1].split(":")]
opened = [os.open(each, os.O_PATH) for each in needed]
closed = []
for each in needed:
    for parent in reversed(each.parents):
        if not parent.stat().st_mode & 1 and parent not in closed:
            closed.append(parent)
for parent in closed:
    if parent.exists():
        libc.mount(b"tmpfs", str(parent).encode(), b"tmpfs", ctypes.c_ulong(0), b"mode=755")
for each, fd in zip(needed, opened):
    if any(each.is_relative_to(parent) for parent in closed):
        each.mkdir(parents=True)
        libc.mount(f"/proc/self/fd/{fd}".encode(), str(each).encode(), None, ctypes.c_ulong(4096 | 16384), None)
os.setgroups([])
os.setresgid(65534, 65534, 65534)
os.setresuid(65534, 65534, 65534)
os.chdir("/")
os.execve(sys.argv[2], sys.argv[2:], {"PATH": os.environ["PATH"], "PYTHONPATH": sys.argv[1].split(":")[0]})
"""
"""Becomes an ordinary user to whom this Python and this repository are readable, as they are to their owner."""


def needed_by_others() -> list[Path]:
    """The folders that an ordinary user must be able to read."""
    return list(dict.fromkeys([REPOSITORY, Path(sys.prefix), PYTHON.parent.parent]))


def put_on(command: list[str]) -> list[str]:
    """The command, run by root as an ordinary user."""
    return [
        sys.executable,
        "-c",
        PUT_ON,
        ":".join(map(str, needed_by_others())),
        shutil.which(command[0]) or "",
        *command[1:],
    ]


def without_root(script: str) -> str:
    """What a script of ours prints when an ordinary user runs it."""
    command = [sys.executable, "-c", script]
    command = put_on(command) if os.geteuid() == 0 else command
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, cwd=REPOSITORY)
    assert done.returncode == 0, done.stderr
    return done.stdout
