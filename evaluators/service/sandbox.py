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
import contextvars
import functools
import os
import shutil
import socket
import tempfile
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path

from evaluators.service import container, groups, launch, plain, seccomp
from evaluators.service.backend import Backend, chosen
from evaluators.service.confined import MEBI, Bind, Confined, Limits, Outcome, Reach, SandboxError, Usage
from evaluators.service.process import Process

__all__ = [
    "MEBI",
    "Bind",
    "Confined",
    "Limits",
    "Outcome",
    "Process",
    "Reach",
    "SandboxError",
    "Usage",
    "available",
    "python_binds",
    "run",
    "start",
]


async def _launch(confined: Confined, listener: int | None, *, split: bool, stdin: bool) -> Process:
    """Start what isolates here, and wait for process 1. Raises SandboxError."""
    backend = chosen()
    try:
        if backend in (Backend.PODMAN, Backend.DOCKER):
            process = await _contained(backend, confined, listener, split=split, stdin=stdin)
        else:
            process = await _inherited(backend, confined, listener, split=split, stdin=stdin)
    except (OSError, ValueError, seccomp.NoFilter) as error:
        told = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise SandboxError(f"the sandbox cannot start: {told}") from error
    try:
        await process._begun()
    except BaseException:
        process.kill()
        await asyncio.shield(process._over())
        raise
    return process


async def _inherited(
    backend: Backend, confined: Confined, listener: int | None, *, split: bool, stdin: bool
) -> Process:
    """By bubblewrap or by nothing: process 1 inherits its descriptors. Raises OSError, ValueError, NoFilter."""
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    with contextlib.ExitStack() as undo, theirs:
        # Process 1 ends when this closes, should there be one already.
        undo.callback(ours.close)
        if backend is Backend.NONE:
            group = None
            start, confined, folder = plain.build(confined, theirs.fileno(), listener)
            undo.callback(shutil.rmtree, folder, ignore_errors=True)
        else:
            start = launch.build(confined, theirs.fileno(), listener)
            group = groups.group(confined.limits)
            if group is not None:
                undo.callback(group.close)
                start.argv = group.entering(start.argv)
        with contextlib.closing(start):
            passed = [*start.fds, theirs.fileno(), *([listener] if listener is not None else [])]
            child = await _spawned(start.argv, passed, split=split, stdin=stdin)
        # What is undone on failure is done after the end, too, but for the socket, which closes first.
        return Process(confined, child, ours, undo.pop_all().close, group.overflowed if group else bool)


async def _contained(
    backend: Backend, confined: Confined, listener: int | None, *, split: bool, stdin: bool
) -> Process:
    """By a container engine. Raises OSError, ValueError, NoFilter, SandboxError."""
    with contextlib.ExitStack() as undo:
        made = undo.enter_context(container.room(backend, confined))
        child = await _spawned(made.argv, [], split=split, stdin=stdin, env=dict(os.environ))
        try:
            control = await container.met(made, child, listener)
        except BaseException:
            with contextlib.suppress(ProcessLookupError):
                child.kill()
            await child.wait()
            raise
        control.setblocking(False)
        return Process(confined, child, control, undo.pop_all().close)


async def _spawned(
    argv: list[str], passed: list[int], *, split: bool, stdin: bool, env: dict[str, str] | None = None
) -> asyncio.subprocess.Process:
    """The child. Raises OSError."""
    return await asyncio.create_subprocess_exec(
        *argv,
        stdin=PIPE if stdin else DEVNULL,
        stdout=PIPE,
        stderr=PIPE if split else asyncio.subprocess.STDOUT,
        env=env or {},
        cwd="/",
        pass_fds=passed,
    )


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
    try:
        backend = chosen()
    except SandboxError as error:
        return str(error)
    return None if backend is Backend.NONE else tried(backend, os.geteuid())


@functools.cache
def tried(backend: Backend, user: int) -> str | None:
    """Really start one, in a thread of its own so that a running event loop is no obstacle."""
    if not hasattr(os, "memfd_create"):
        return "the sandbox needs Linux"
    if backend is Backend.BUBBLEWRAP and launch.bubblewrap() is None:
        return "bubblewrap is not installed (Debian, Ubuntu, Fedora: package bubblewrap)"
    context = contextvars.copy_context()
    with ThreadPoolExecutor(1) as pool:
        try:
            outcome = pool.submit(
                context.run, lambda: asyncio.run(run(Confined(("/bin/true",), limits=Limits(seconds=20))))
            ).result()
        except (SandboxError, OSError) as error:
            return str(error)
    return None if outcome.returncode == 0 else f"the sandbox does not work: {outcome.stderr.strip()[-200:]}"
