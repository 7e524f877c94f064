"""What isolation this machine offers: every mechanism tried by a program in the sandbox, none taken for granted."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from evaluators.service import groups, launch
from evaluators.service.backend import Backend, chosen
from evaluators.service.bridge import connect
from evaluators.service.confined import MEBI, Confined, Limits, SandboxError
from evaluators.service.sandbox import available, python_binds, run, start

ENGINE_SECONDS = 10
UNVERIFIED = ("code (its import run)", "tables", "boot", "fuzz", "probes", "tests", "part")
"""What a report calls `unverified (no-sandbox)`, or leaves out, where nothing isolates."""


class State(StrEnum):
    """How a mechanism stands."""

    OK = "ok"
    LACKS = "lacks"
    UNTRIED = "untried"


@dataclass(frozen=True)
class Mechanism:
    """One wall, or one way to build them."""

    name: str
    state: State
    detail: str
    needed: bool = True
    """Whether nothing that is not trusted may run without it."""


GUEST = r"""
import ctypes, json, os, socket, sys
sys.path.insert(0, "/run/backwright")
libc = ctypes.CDLL(None, use_errno=True)
def refused(number, *arguments):
    return libc.syscall(number, *arguments) < 0 and ctypes.get_errno()
def opens(path):
    try:
        open(path, "rb").close()
        return True
    except OSError:
        return False
def reaches(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
        return True
    except OSError:
        return False
status = dict(line.split(":\t", 1) for line in open("/proc/self/status").read().splitlines() if ":\t" in line)
found = {
    "privileges": status.get("NoNewPrivs"), "filter": status.get("Seccomp"), "capabilities": int(status["CapEff"], 16),
    "links": sorted(name for _, name in socket.if_nameindex()), "reaches": reaches(int(sys.argv[1])),
    "processes": sorted(int(name) for name in os.listdir("/proc") if name.isdigit()), "self": os.getpid(),
    "watcher": opens("/proc/1/mem"), "shadow": opens("/etc/shadow"), "host": os.path.exists(sys.argv[2]),
    "unshare": libc.unshare(0x10000000) == 0,
}
try:
    import buffers
    pair = socket.socketpair()
    pair[0].send(bytes(4096))
    found["buffers"] = buffers.held()
except (OSError, ImportError) as error:
    found["buffers"] = 0
print(json.dumps(found))
"""

HOG = "import os, time\nfor _ in range(2): os.fork()\nx = bytearray(b'x' * (24 << 20))\ntime.sleep(20)"
SERVER = (
    "import socket\ns = socket.create_server(('127.0.0.1', 8000))\nwhile True:\n"
    "    c = s.accept()[0]\n    c.send(b'here')\n    c.close()"
)


def mechanisms() -> list[Mechanism]:
    """Everything, tried. Takes about two seconds; must not be called from a running event loop."""
    try:
        backend = chosen()
    except SandboxError as error:
        return [Mechanism("sandbox", State.LACKS, str(error))]
    lacking = available()
    found = launch.bubblewrap()
    version = ".".join(map(str, found[1])) if found else ""
    detail = lacking or f"{backend.value}{f' {version}' if backend is Backend.BUBBLEWRAP else ''} runs a program"
    every = [Mechanism("sandbox", State.OK if lacking is None else State.LACKS, detail)]
    if lacking is None:
        every += asyncio.run(_tried())
    return [*every, *_beside(), *(_engine(each, backend) for each in (Backend.PODMAN, Backend.DOCKER))]


async def _tried() -> list[Mechanism]:
    """What holds a program that tries."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port = listener.getsockname()[1]
        told = await run(_python(GUEST, str(port), str(Path(__file__)), seconds=20))
    try:
        seen = json.loads(told.stdout)
    except ValueError:
        return [Mechanism("walls", State.LACKS, f"the trial did not end: {told.stderr.strip()[-200:]}")]
    held = await run(_python(HOG, limits=Limits(memory=64 * MEBI, seconds=10)))
    late = await run(_python("import time; time.sleep(20)", seconds=0.3))
    reached, user = await _reached()
    rows: list[tuple[str, bool, str, str]] = [
        *_walls(seen),
        ("user", user > 0, f"it is user {user} outside, not root", "it is root outside"),
        ("memory of the tree", held.killed == "memory", "four processes together went over it and were ended", ""),
        ("wall clock", late.killed == "time", "what slept for too long was ended", ""),
        ("bridge", reached, "a service on the sandbox's loopback was reached through the inherited socket", ""),
    ]
    return [
        Mechanism(name, State.OK if good else State.LACKS, what if good else otherwise or f"not so: {what}")
        for name, good, what, otherwise in rows
    ]


def _walls(seen: dict[str, Any]) -> Iterator[tuple[str, bool, str, str]]:
    """Name, whether it holds, what was seen, and what to say where it does not."""
    yield "network", seen["links"] == ["lo"] and not seen["reaches"], "an own loopback, the host's is not reached", ""
    yield "processes", seen["processes"] == sorted({1, seen["self"]}), "none but its own are seen", ""
    hidden = not (seen["host"] or seen["shadow"] or seen["watcher"])
    yield "files", hidden, "the host's are not seen, and process 1 is not to be looked into", ""
    yield "capabilities", seen["capabilities"] == 0, "none", ""
    yield "no new privileges", seen["privileges"] == "1", "set", ""
    yield "system calls", seen["filter"] == "2", "a seccomp filter is loaded", ""
    yield "nested namespaces", not seen["unshare"], "a user namespace is refused", ""
    told = "bytes in sockets are counted", "the kernel does not tell what sockets hold (CONFIG_UNIX_DIAG)"
    yield "memory of sockets", seen["buffers"] > 0, *told


def _python(code: str, *arguments: str, seconds: float = 20, limits: Limits | None = None) -> Confined:
    python = launch.interpreter()
    argv = (str(python), "-I", "-S", "-c", code, *arguments)
    return Confined(argv, binds=python_binds(python), limits=limits or Limits(seconds=seconds))


async def _reached() -> tuple[bool, int]:
    """Whether a service inside answers through its door, and the host user that runs it."""
    python = launch.interpreter()
    service = Confined((str(python), "-I", "-S", "-c", SERVER), binds=python_binds(python), serves=8000)
    try:
        async with start(service) as process:
            user = await asyncio.to_thread(process.host_user)
            for _ in range(100):
                if process.door is None or not process.alive:
                    break
                reader, writer = await asyncio.open_unix_connection(sock=connect(process.door))
                said = await asyncio.wait_for(reader.read(4), 5)
                writer.close()
                if said == b"here":
                    return True, user
                await asyncio.sleep(0.05)
    except (OSError, TimeoutError, SandboxError):
        return False, 0
    return False, user


def _beside() -> list[Mechanism]:
    """What helps, and is not needed."""
    lacking = groups.lacking()
    detail = lacking or "one was made and entered; each sandbox gets its own"
    if lacking:
        detail += ": process 1 sums and kills instead"
    pattern = Path("/proc/sys/kernel/core_pattern")
    piped = pattern.is_file() and pattern.read_text().startswith("|")
    told = (
        "a crash is handed to a program of the host's, if the guest asks for it"
        if piped
        else "they would go to a file, and no guest may write one"
    )
    return [
        Mechanism("control groups", State.LACKS if lacking else State.OK, detail, needed=False),
        Mechanism("core dumps", State.LACKS if piped else State.OK, told, needed=False),
    ]


def _engine(backend: Backend, used: Backend) -> Mechanism:
    """Whether a container engine is there, and answers. A sandbox is started in it only where it is the one in use."""
    if shutil.which(backend.value) is None:
        return Mechanism(backend.value, State.LACKS, "not installed", needed=False)
    if backend is used:
        return Mechanism(backend.value, State.OK, "in use: all of the above was tried in it", needed=False)
    try:
        asked = subprocess.run(
            [backend.value, "info"], capture_output=True, timeout=ENGINE_SECONDS, check=False, env=dict(os.environ)
        )
    except (OSError, subprocess.TimeoutExpired):
        return Mechanism(backend.value, State.LACKS, "installed, but does not answer", needed=False)
    if asked.returncode != 0:
        return Mechanism(backend.value, State.LACKS, "installed, but no engine runs", needed=False)
    detail = f"an engine runs; no sandbox was tried in it: BACKWRIGHT_ISOLATION={backend.value} backwright doctor"
    return Mechanism(backend.value, State.UNTRIED, detail, needed=False)
