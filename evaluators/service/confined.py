"""What is to be confined, what bounds it, and how it ended: values, and nothing that runs."""

from __future__ import annotations

from collections.abc import Mapping
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
    inodes: int = 100_000
    """Files and folders in each writable place: each costs memory that no other limit counts."""
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
    system_v: bool = False
    """Whether System V shared memory is allowed (PostgreSQL needs a page of it)."""
    planted: Mapping[str, str] = field(default_factory=dict)
    """Absolute path inside -> text of a read-only file there, which a service has no reason to read."""
    canary: bool = False
    """Whether `Process.canary` listens beside the program, for requests that it should not make."""


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
    """What the whole tree uses: private and shared memory in RAM, without pages of files."""

    memory: int = 0
    """The most bytes that were seen at once."""
    processes: int = 0
    """The most processes and threads that were seen at once."""
    cpu: float = 0.0
    """CPU seconds of all that live and of all that ended and were waited for."""
    resident: int = 0
    """Bytes at the last look; 0 after the end."""
