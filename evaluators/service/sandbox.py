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

import asyncio
import contextlib
import functools
import json
import os
import shutil
import socket
import tempfile
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evaluators.service import launch, seccomp
from evaluators.service.log import Log

MEBI = 1 << 20

FLOOD = 128
"""A log this many times its bound ends the guest."""


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
    system_v: bool = False
    """Whether System V shared memory is allowed (PostgreSQL needs a page of it)."""


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

    def __init__(self, confined: Confined, child: asyncio.subprocess.Process, control: socket.socket) -> None:
        self.confined = confined
        self.door: Path | None = None
        """The Unix socket outside that leads to the service, where `Confined.serves` is set."""
        self.out = Log(confined.limits.log_bytes)
        self.err = Log(confined.limits.log_bytes)
        self._child = child
        self._control = control
        self._usage = Usage()
        self._code: int | None = None
        self._killed: str | None = None
        self._started = asyncio.Event()
        self._ended = asyncio.Event()
        pipes = ((child.stdout, self.out), (child.stderr, self.err))
        self._readers = [asyncio.ensure_future(self._read(pipe, log)) for pipe, log in pipes if pipe is not None]
        self._hearer = asyncio.ensure_future(self._hear())

    @property
    def alive(self) -> bool:
        """Whether the program still runs."""
        return not self._ended.is_set()

    @property
    def returncode(self) -> int | None:
        """The exit code, minus the signal's number, or None while it runs."""
        return self._code

    @property
    def killed(self) -> str | None:
        """Why the sandbox ended the guest (memory, processes, disk, time, log), else None."""
        return self._killed

    @property
    def usage(self) -> Usage:
        """What the guest has used; complete after its end."""
        return self._usage

    def mark(self) -> int:
        """How many bytes were logged so far; for `log(since)`."""
        return self.out.total

    def log(self, since: int = 0) -> str:
        """stdout and stderr, in the order they came, from byte `since` on; bounded."""
        return self.out.text(since)

    async def wait(self, seconds: float | None = None) -> int | None:
        """The return code when the program has ended, None when `seconds` passed before."""
        try:
            await asyncio.wait_for(self._ended.wait(), seconds)
        except TimeoutError:
            return None
        return self._code

    async def stop(self, grace: float = 2.0) -> None:
        """SIGTERM, after `grace` seconds SIGKILL to everything inside. Returns when all is gone."""
        if self.alive:
            with contextlib.suppress(OSError):
                self._control.send(b"stop %f\n" % grace)
            if await self.wait(grace + 6) is None:
                self.kill()
        await self._over()

    def kill(self, why: str | None = None) -> None:
        """End everything inside at once, whatever it does."""
        if self.alive and why:
            self._killed = why
        with contextlib.suppress(ProcessLookupError):
            self._child.kill()

    async def _begun(self) -> None:
        """Wait until process 1 is up. Raises SandboxError."""
        waits = [asyncio.ensure_future(event.wait()) for event in (self._started, self._ended)]
        await asyncio.wait(waits, timeout=30, return_when=asyncio.FIRST_COMPLETED)
        for each in waits:
            each.cancel()
        if not self._started.is_set():
            self.kill()
            await self._over()
            said = (self.err.text() or self.out.text()).strip().split("\n")[-1]
            raise SandboxError(f"the sandbox did not start: {said or 'no answer'}")

    async def _hear(self) -> None:
        """What process 1 says, until it is gone."""
        reader, writer = await asyncio.open_connection(sock=self._control.dup())
        backstop = asyncio.get_running_loop().call_later(self.confined.limits.seconds + 10, self.kill, "time")
        try:
            while line := await reader.readline():
                self._heed(json.loads(line))
        except (OSError, ValueError):
            self.kill()
        finally:
            backstop.cancel()
            writer.close()
        code = await self._child.wait()
        self._code = -9 if self._code is None and (self._started.is_set() or code == 0) else (self._code or 0)
        if self._readers:
            # All that wrote are gone but for a moment; a pipe that stays open is not waited for.
            await asyncio.wait(self._readers, timeout=2)
        self._ended.set()

    def _heed(self, said: dict[str, Any]) -> None:
        """One line of process 1."""
        if said.get("started"):
            self._started.set()
            return
        self._usage = Usage(said.get("memory", 0), said.get("processes", 0), said.get("cpu", 0.0))
        if "code" in said:
            self._code = said["code"]
            self._killed = self._killed or said["killed"]

    async def _read(self, pipe: asyncio.StreamReader, log: Log) -> None:
        """Keep the log read, so that the guest never waits for it, and end one that floods it."""
        while data := await pipe.read(1 << 16):
            log.add(data)
            if log.total > FLOOD * log.bound:
                self.kill("log")

    async def _over(self) -> None:
        """Wait for the end, and let everything go."""
        await self._ended.wait()
        for each in (*self._readers, self._hearer):
            each.cancel()
        await asyncio.gather(*self._readers, self._hearer, return_exceptions=True)
        self._control.close()


async def _launch(confined: Confined, listener: int | None, *, split: bool, stdin: bool) -> Process:
    """Start bubblewrap and wait for process 1. Raises SandboxError."""
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    try:
        start = launch.build(confined, theirs.fileno(), listener)
    except (OSError, ValueError, seccomp.NoFilter) as error:
        ours.close()
        theirs.close()
        raise SandboxError(f"the sandbox cannot start: {error}") from error
    passed = [*start.fds, theirs.fileno(), *([listener] if listener is not None else [])]
    try:
        child = await asyncio.create_subprocess_exec(
            *start.argv,
            stdin=PIPE if stdin else DEVNULL,
            stdout=PIPE,
            stderr=PIPE if split else asyncio.subprocess.STDOUT,
            env={},
            cwd="/",
            pass_fds=passed,
        )
    except BaseException as error:
        # Process 1 ends when this closes, should there be one already.
        ours.close()
        if isinstance(error, OSError):
            raise SandboxError(f"the sandbox cannot start: {error.strerror}") from error
        raise
    finally:
        start.close()
        theirs.close()
    process = Process(confined, child, ours)
    try:
        await process._begun()
    except BaseException:
        process.kill()
        await asyncio.shield(process._over())
        raise
    return process


def python_binds(python: Path) -> tuple[Bind, ...]:
    """The binds that a Python interpreter (of a virtual environment or not) needs inside, at the same paths."""
    python = python.absolute()
    binds: dict[str, Bind] = {}
    if (python.parent.parent / "pyvenv.cfg").is_file():
        binds[str(python.parent.parent)] = Bind(python.parent.parent)
    home = launch.python_home(python)
    if home is None:
        return tuple(binds.values())
    binds.setdefault(str(home), Bind(home))
    # A link may lead over others, by paths that do not resolve inside unless they are bound too.
    while python.is_symlink():
        python = python.parent / python.readlink()
        place = os.path.normpath(python.parent.parent)
        if not place.startswith("/usr") and all(not Path(place).is_relative_to(known) for known in binds):
            binds[place] = Bind(home, place)
    return tuple(binds.values())


async def run(confined: Confined, stdin: bytes = b"") -> Outcome:
    """Run a command to its end. Raises SandboxError."""
    process = await _launch(confined, None, split=True, stdin=bool(stdin))
    try:
        if stdin and process._child.stdin is not None:
            with contextlib.suppress(OSError):
                process._child.stdin.write(stdin)
                await process._child.stdin.drain()
            process._child.stdin.close()
        code = await process.wait()
    finally:
        process.kill()
        await asyncio.shield(process._over())
    timed_out = process.killed == "time"
    return Outcome(-9 if code is None else code, process.out.text(), process.err.text(), timed_out, process.killed)


@asynccontextmanager
async def start(confined: Confined) -> AsyncIterator[Process]:
    """Start a service; it ends with the context, or with this process. Raises SandboxError."""
    with contextlib.ExitStack() as stack:
        door = listener = None
        if confined.serves is not None:
            door, made = stack.enter_context(_listening())
            listener = made.fileno()
        process = await _launch(confined, listener, split=False, stdin=False)
        process.door = door
        try:
            yield process
        finally:
            await asyncio.shield(process.stop())


@contextlib.contextmanager
def _listening() -> Iterator[tuple[Path, socket.socket]]:
    """A Unix socket that listens, in a folder that nobody else may enter."""
    folder = Path(tempfile.mkdtemp(prefix="backwright-door-"))
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as made:
            fd = os.open(folder, os.O_PATH | os.O_DIRECTORY)
            try:
                # Through /proc, since a socket's path may have 107 bytes only.
                made.bind(f"/proc/self/fd/{fd}/door")
            finally:
                os.close(fd)
            made.listen(256)
            yield folder / "door", made
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def available() -> str | None:
    """None where the sandbox works, else one line that says why not (tried once, remembered)."""
    return _tried(os.geteuid())


@functools.cache
def _tried(user: int) -> str | None:
    """Really start one, in a thread of its own so that a running event loop is no obstacle."""
    if not hasattr(os, "memfd_create"):
        return "the sandbox needs Linux"
    if launch.bubblewrap() is None:
        return "bubblewrap is not installed (Debian, Ubuntu, Fedora: package bubblewrap)"
    with ThreadPoolExecutor(1) as pool:
        try:
            outcome = pool.submit(
                lambda: asyncio.run(run(Confined(("/bin/true",), limits=Limits(seconds=20))))
            ).result()
        except (SandboxError, OSError) as error:
            return str(error)
    return None if outcome.returncode == 0 else f"the sandbox does not work: {outcome.stderr.strip()[-200:]}"
