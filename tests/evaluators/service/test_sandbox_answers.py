"""Hostile services: each with nothing between it and the one who asks, and behind the bridge of the sandbox.

A service can behave for the gate and not for others: it sees that requests
come in bursts, with odd values, from a fresh database. Nothing can rule that out;
`test_a_service_can_tell_that_it_is_judged` shows it, so that nobody claims otherwise.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sandbox_guests import PYTHON, REPOSITORY, guest, until

from evaluators.service.bridge import forward
from evaluators.service.sandbox import start

BOUND = 500_000

SERVE = """
import os, socket, sys, time
server = socket.create_server(("127.0.0.1", int(os.environ["PORT"])))
print("ready", flush=True)
def each(answer):
    while True:
        made = server.accept()[0]
        made.recv(65536)
        try:
            answer(made)
        except OSError:
            pass
        made.close()
"""
ENDLESS = SERVE + "def answer(made):\n    while True: made.send(b'x' * 65536)\neach(answer)\n"
HEADERS = SERVE + (
    "def answer(made):\n    made.send(b'HTTP/1.1 200 OK\\r\\n')\n"
    "    while True: made.send(b'X-More: x\\r\\n' * 999)\neach(answer)\n"
)
SILENT = SERVE + "each(lambda made: time.sleep(5))\n"
LEFT = SERVE + (
    "if os.fork():\n    time.sleep(0.3)\n    os._exit(0)\nos.setsid()\n"
    "each(lambda made: made.send(b'HTTP/1.1 200 OK\\r\\n\\r\\nhealthy'))\n"
)


def asked(port: int, most: int, seconds: float) -> tuple[int, float]:
    """How many bytes come for a request, at most so many, and for how many seconds."""
    began, total = time.monotonic(), 0
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=seconds) as made:
        made.send(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        while total < most and time.monotonic() - began < seconds and (data := made.recv(65536)):
            total += len(data)
    return total, time.monotonic() - began


@contextlib.contextmanager
def served(code: str) -> Iterator[int]:
    """The service as a plain program: its port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    child = subprocess.Popen(
        [PYTHON, "-I", "-S", "-c", code],
        env={"PORT": str(port)},
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    assert child.stdout is not None and child.stdout.readline() == b"ready\n"
    try:
        yield port
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        child.stdout.close()


def bridged(code: str, act: Callable[[int], tuple[int, float]], wait: float = 0.0) -> tuple[int, float]:
    """What the same gives behind the bridge."""

    async def main() -> tuple[int, float]:
        confined = guest(code, env={"PORT": "8000"}, serves=8000)
        async with start(confined) as process, forward(process, answer_bytes=BOUND, idle_seconds=0.3) as door:
            await until(lambda: "ready" in process.log())
            await asyncio.sleep(wait)
            return await asyncio.to_thread(act, urlsplit(door.base_url).port or 0)

    return asyncio.run(main())


@pytest.mark.parametrize("code", [ENDLESS, HEADERS], ids=["body", "headers"])
def test_an_endless_answer_comes_only_where_nothing_bounds_it(code: str) -> None:
    with served(code) as port:
        assert asked(port, 4 * BOUND, 10)[0] >= 4 * BOUND
    assert bridged(code, lambda port: asked(port, 4 * BOUND, 10))[0] <= BOUND


def test_a_silent_service_keeps_only_those_waiting_whom_nothing_frees() -> None:
    with served(SILENT) as port:
        assert asked(port, 1, 1.5)[1] >= 1.5
    assert bridged(SILENT, lambda port: asked(port, 1, 1.5))[1] < 1.4


def test_health_is_not_faked_by_what_a_dead_service_left_behind() -> None:
    with served(LEFT) as port:
        time.sleep(0.8)
        assert asked(port, 100, 1)[0] > 0, "its child answers for it"
    assert bridged(LEFT, lambda port: asked(port, 100, 1), wait=0.8)[0] == 0


def test_health_is_not_faked_by_a_program_on_the_hosts_port() -> None:
    silent = "import time; print('ready', flush=True); time.sleep(20)"
    with socket.create_server(("127.0.0.1", 0)) as host:
        port = int(host.getsockname()[1])

        async def main() -> int:
            async with start(guest(silent, serves=port)) as process, forward(process) as door:
                await until(lambda: "ready" in process.log())
                return (await asyncio.to_thread(asked, urlsplit(door.base_url).port or 0, 100, 1))[0]

        assert asyncio.run(main()) == 0
        host.settimeout(0.1)
        with pytest.raises(TimeoutError):
            host.accept()


KILLED = """
import asyncio, subprocess, sys
from evaluators.service.sandbox import *
python, code, mark, inside = sys.argv[1:]
async def main():
    if inside == "no":
        subprocess.Popen([python, "-I", "-S", "-c", code, mark], start_new_session=True)
        await asyncio.sleep(60)
    confined = Confined((python, "-I", "-S", "-c", code, mark), binds=python_binds(__import__("pathlib").Path(python)))
    async with start(confined) as process:
        await process.wait()
asyncio.run(main())
"""


def running(mark: str, but: int) -> list[int]:
    """Processes with the mark on their command line."""
    found = []
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            words = (entry / "cmdline").read_bytes().split(b"\0")
            if entry.name.isdigit() and int(entry.name) != but and mark.encode() in words:
                found.append(int(entry.name))
    return found


@pytest.mark.parametrize("inside", ["no", "yes"])
def test_what_a_killed_gate_leaves_behind_is_ended_only_in_the_sandbox(inside: str) -> None:
    mark = f"orphan-{os.getpid()}-{inside}"
    code = "import os, time\nos.fork()\ntime.sleep(60)"
    command = [sys.executable, "-c", KILLED, str(PYTHON), code, mark, inside]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    with subprocess.Popen(command, env=environment) as gate:
        asyncio.run(until(lambda: len(running(mark, gate.pid)) >= 2))
        gate.kill()
    time.sleep(1)
    left = running(mark, 0)
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    assert bool(left) == (inside == "no")


def test_a_service_can_tell_that_it_is_judged() -> None:
    code = "import os; print(os.path.exists('/run/backwright'), sorted(os.listdir('/proc'))[0])"

    async def main() -> str:
        async with start(guest(code)) as process:
            await process.wait()
            return process.log()

    assert asyncio.run(main()).startswith("True 1")
