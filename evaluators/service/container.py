"""The sandbox by a container engine: podman or docker, on Linux.

The image hardly matters: the host's system folders are bound over it, read-only,
as bubblewrap binds them. No descriptor can be inherited, so process 1 connects to a
Unix socket in a read-only folder. The gate takes one connection in, checks whose
it is, closes the socket for good before the guest starts, and hands the descriptors over.
"""

from __future__ import annotations

import asyncio
import os
import resource
import secrets
import shutil
import socket
import struct
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from evaluators.service import launch, seccomp
from evaluators.service.backend import Backend
from evaluators.service.confined import MEBI, Confined, SandboxError

IMAGE_VARIABLE = "BACKWRIGHT_IMAGE"
IMAGE = "docker.io/library/busybox"
PLACE = "/run/backwright"
OWN = 64 * MEBI
"""Memory of process 1."""
STARTS_WITHIN = 120.0
"""Seconds; an image may have to be fetched first."""


@dataclass
class Room:
    """What a container is started with; `folder` lies on the host and goes with the container."""

    folder: Path
    listener: socket.socket
    argv: list[str]
    start: launch.Start
    spec: int = -1


@contextmanager
def room(backend: Backend, confined: Confined) -> Iterator[Room]:
    """Everything that a container needs, laid out in a folder. Raises OSError, ValueError, seccomp.NoFilter."""
    if shutil.which(backend.value) is None:
        raise OSError(f"{backend.value} is not installed")
    folder = Path(tempfile.mkdtemp(prefix="backwright-room-"))
    start = launch.Start()
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
            made = Room(folder, listener, command(backend, confined, folder), start)
            _furnish(folder, confined)
            listener.bind(str(folder / "control"))
            listener.listen(1)
            listener.setblocking(False)
            _give_away(folder)
            code = seccomp.compiled(confined.system_v).hex()
            made.spec = start.data(launch.spec(confined, -1, -1 if confined.serves else None, filter=code))
            yield made
    finally:
        start.close()
        shutil.rmtree(folder, ignore_errors=True)


def command(backend: Backend, confined: Confined, folder: Path) -> list[str]:
    """The engine's command line. Raises ValueError for a path that it could not be told."""
    limits, disk = confined.limits, confined.limits.disk
    root = os.geteuid() == 0
    user, group = (launch.UNPRIVILEGED,) * 2 if root else (os.getuid(), os.getgid())
    argv = [backend.value, "run", "--rm", "--interactive", f"--name=backwright-{secrets.token_hex(8)}"]
    argv += ["--network=none", "--ipc=private", "--hostname=sandbox", "--read-only", "--log-driver=none"]
    argv += ["--cap-drop=ALL", "--security-opt=no-new-privileges", "--security-opt=label=disable"]
    argv += [f"--user={user}:{group}"]
    argv += list(_ulimits()) if backend is Backend.PODMAN else []
    argv += ["--userns=keep-id"] if backend is Backend.PODMAN and not root else []
    argv += [f"--memory={limits.memory + OWN}", f"--memory-swap={limits.memory + OWN}"]
    argv += [f"--pids-limit={limits.processes + 2}", f"--shm-size={disk // 4}"]
    argv += [f"--tmpfs={place}:rw,exec,nosuid,nodev,size={disk},mode=1777" for place in ("/app", "/tmp")]  # noqa: S108
    for source, target, writable in _mounts(confined, folder):
        if "," in source + target:
            raise ValueError(f"{source}: an engine cannot be told a path with a comma")
        argv += [f"--mount=type=bind,source={source},target={target}{'' if writable else ',readonly'}"]
    argv += [f"--entrypoint={launch.interpreter()}", "--workdir=/", os.environ.get(IMAGE_VARIABLE, "") or IMAGE]
    return [*argv, "-I", "-S", "-B", f"{PLACE}/inside.py", f"{PLACE}/control"]


def _ulimits() -> Iterator[str]:
    """Bounds that the engine may set wherever it runs; the guest's own are set by process 1.

    Podman's defaults may be above what podman is allowed itself, and then nothing starts.
    """
    for name, kind, enough in (("nofile", resource.RLIMIT_NOFILE, 16_384), ("nproc", resource.RLIMIT_NPROC, 32_768)):
        most = resource.getrlimit(kind)[1]
        most = enough if most == resource.RLIM_INFINITY else min(most, enough)
        yield f"--ulimit={name}={most}:{most}"


def _mounts(confined: Confined, folder: Path) -> Iterator[tuple[str, str, bool]]:
    """Source, target, and whether it may be written, outer targets first."""
    for each in map(Path, launch.SYSTEM):
        if each.is_dir():
            yield str(each.resolve()), str(each), False
    for name in launch.ETC:
        if Path(name).exists():
            yield str(Path(name).resolve()), name, False
    for bind in launch.binds(confined):
        yield str(bind.source), bind.target or str(bind.source), bind.writable
    for number, path in enumerate([*launch.FILES, *launch.planted(confined)]):
        yield str(folder / "files" / str(number)), path, False
    yield str(folder), PLACE, False


def _furnish(folder: Path, confined: Confined) -> None:
    """Write process 1's modules and the small files."""
    for name in launch.INSIDE:
        shutil.copy(Path(__file__).parent / name, folder / name)
    (folder / "files").mkdir()
    for number, text in enumerate([*launch.FILES.values(), *launch.planted(confined).values()]):
        (folder / "files" / str(number)).write_text(text)


def _give_away(folder: Path) -> None:
    """As root: let the user in the container, and no other, enter."""
    if os.geteuid() == 0:
        for each in (folder, *folder.rglob("*")):
            os.chown(each, launch.UNPRIVILEGED, launch.UNPRIVILEGED)


async def met(made: Room, child: asyncio.subprocess.Process, door: int | None) -> socket.socket:
    """The control socket to process 1, which has got its descriptors. Raises SandboxError."""
    loop = asyncio.get_running_loop()
    taking = asyncio.ensure_future(loop.sock_accept(made.listener))
    ending = asyncio.ensure_future(child.wait())
    try:
        await asyncio.wait({taking, ending}, timeout=STARTS_WITHIN, return_when=asyncio.FIRST_COMPLETED)
        if not taking.done():
            pipe = child.stderr or child.stdout
            said = (await pipe.read(4000)).decode(errors="replace") if ending.done() and pipe else ""
            raise SandboxError(f"the container does not start: {said.strip() or 'no answer'}".split("\n")[0])
        control, _ = taking.result()
    finally:
        taking.cancel()
        ending.cancel()
        made.listener.close()
        (made.folder / "control").unlink(missing_ok=True)
    _, user, _ = struct.unpack("3i", control.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
    if user not in (os.geteuid(), launch.UNPRIVILEGED):
        control.close()
        raise SandboxError(f"somebody else (user {user}) came instead of the container")
    socket.send_fds(control, [b"\n"], [made.spec, *([door] if door is not None else [])])
    return control
