"""The sandbox: hostile programs run in bubblewrap, bounded and cut off.

    async with start(Confined(argv, ...)) as process:   # a service
        async with forward(process) as door:            # bridge.py
            ... door.base_url ...
    outcome = await run(Confined(argv, ...))             # a command

Inside there is no network but an own loopback, no file of the host but the
system's read-only paths and the given binds, no environment but the given one.
/app holds a writable copy of the given files; it is also the working directory.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

MEBI = 1 << 20


class SandboxError(Exception):
    """The sandbox could not be started; one line says why. Never the guest's fault."""


@dataclass(frozen=True)
class Limits:
    """What a guest may use. Whatever is exceeded ends the whole guest, or is refused to it."""

    memory: int = 1024 * MEBI
    """Bytes, summed over the process tree."""
    processes: int = 128
    """Processes and threads at once."""
    disk: int = 256 * MEBI
    """Bytes of each writable place: /app and /tmp. /dev/shm has a quarter."""
    seconds: float = 300.0
    """Wall time from start to end."""
    log_bytes: int = 1 * MEBI
    """Bytes kept of stdout and stderr each: the first half and the last half. The middle is dropped."""
    files: int = 1024
    """Open files of one process."""
    cpu: int = 300
    """CPU seconds of one process."""


@dataclass(frozen=True)
class Bind:
    """A host file or folder seen inside, read-only unless `writable`. `target` defaults to `source`."""

    source: Path
    target: str = ""
    writable: bool = False


@dataclass(frozen=True)
class Reach:
    """A port of the sandbox's loopback that leads to a Unix socket (a path inside, in some bind)."""

    port: int
    socket: str


@dataclass(frozen=True)
class Confined:
    """A program and all it gets to see.

    `files` (path -> text or bytes) or `folder` (a host folder; `.git`, `.venv`,
    `node_modules` and caches left out, symlinks not followed) are copied to /app.
    """

    argv: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)
    binds: tuple[Bind, ...] = ()
    files: Mapping[str, str | bytes] = field(default_factory=dict)
    folder: Path | None = None
    limits: Limits = field(default_factory=Limits)
    serves: int | None = None
    """The port of the sandbox's loopback that `bridge.forward` leads to."""
    reaches: tuple[Reach, ...] = ()
    workdir: str = "/app"


@dataclass(frozen=True)
class Outcome:
    """How a one-shot command ended."""

    returncode: int
    """The exit code, or minus the signal's number."""
    stdout: str
    stderr: str
    timed_out: bool = False
    killed: str | None = None
    """Why the sandbox ended the guest: memory, processes, disk, time, log; else None."""


@dataclass(frozen=True)
class Usage:
    """The most that was seen at once (bytes, count) and CPU seconds in all."""

    memory: int = 0
    processes: int = 0
    cpu: float = 0.0


class Process:
    """A running guest."""

    @property
    def alive(self) -> bool:
        """Whether the program still runs."""
        raise NotImplementedError

    @property
    def returncode(self) -> int | None:
        """The exit code, minus the signal's number, or None while it runs."""
        raise NotImplementedError

    @property
    def killed(self) -> str | None:
        """Why the sandbox ended the guest (memory, processes, disk, time, log), else None."""
        raise NotImplementedError

    @property
    def usage(self) -> Usage:
        """What the guest has used; complete after its end."""
        raise NotImplementedError

    def mark(self) -> int:
        """How many bytes were logged so far; for `log(since)`."""
        raise NotImplementedError

    def log(self, since: int = 0) -> str:
        """stdout and stderr, in the order they came, from byte `since` on; bounded."""
        raise NotImplementedError

    async def wait(self, seconds: float | None = None) -> int | None:
        """The return code when the program has ended, None when `seconds` passed before."""
        raise NotImplementedError

    async def stop(self, grace: float = 2.0) -> None:
        """SIGTERM, after `grace` seconds SIGKILL to everything inside. Returns when all is gone."""
        raise NotImplementedError


def available() -> str | None:
    """None where the sandbox works, else one line that says why not (tried once, remembered)."""
    raise NotImplementedError


def python_binds(python: Path) -> tuple[Bind, ...]:
    """The binds that a Python interpreter (of a virtual environment or not) needs inside, at the same paths."""
    raise NotImplementedError


async def run(confined: Confined, stdin: bytes = b"") -> Outcome:
    """Run a command to its end. Raises SandboxError."""
    raise NotImplementedError


@asynccontextmanager
async def start(confined: Confined) -> AsyncIterator[Process]:
    """Start a service; it ends with the context, or with this process. Raises SandboxError."""
    raise NotImplementedError
    yield Process()
