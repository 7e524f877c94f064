"""From a `Confined` to the command line, the descriptors and the bytes that start it.

As root, an unprivileged user is put on first (`staging.py`): run by root,
bubblewrap would map the guest to the host's user 0, for whom process limits do
not count and unreadable files are readable.
"""

from __future__ import annotations

import functools
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from evaluators.service import seccomp
from evaluators.service.confined import Bind, Confined

UNPRIVILEGED = 65_432
"""The host user that guests are when the gate is root."""

INNER_ID = 1000
"""The user and group that the guest sees itself as."""

STAGES = ("/mnt", "/media", "/srv", "/opt")
"""Folders that exist everywhere and may be covered in a private mount namespace."""

LEFT_OUT = {".git", ".hg", ".svn", ".venv", "venv", "node_modules", "__pycache__", ".mypy_cache", ".ruff_cache"}
"""Folders of a project that are not copied into the sandbox."""

SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib64", "/lib32", "/libx32")
ETC = (
    "/etc/ld.so.cache",
    "/etc/alternatives",
    "/etc/ssl/certs",
    "/etc/pki/tls/certs",
    "/etc/localtime",
    "/etc/mime.types",
)

INSIDE = ("inside.py", "relay.py", "canary.py", "buffers.py", "tree.py")
"""The modules of process 1."""

WRITABLE = ("/app/", "/tmp/", "/dev/", "/proc/")  # noqa: S108 - the sandbox's own
"""Where nothing can be planted."""

FILES = {
    "/etc/passwd": f"root:x:0:0::/:/bin/false\napp:x:{INNER_ID}:{INNER_ID}::/tmp:/bin/sh\n",
    "/etc/group": f"root:x:0:\napp:x:{INNER_ID}:\n",
    "/etc/hosts": "127.0.0.1 localhost sandbox\n::1 localhost\n",
    "/etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
}
ENVIRONMENT = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "HOME": "/tmp",  # noqa: S108 - the sandbox's own
    "LANG": "C.UTF-8",
    "TZ": "UTC",
}


@dataclass
class Start:
    """What `asyncio.create_subprocess_exec` needs. Close `fds` when it has started."""

    argv: list[str] = field(default_factory=list)
    fds: list[int] = field(default_factory=list)

    def data(self, content: bytes) -> int:
        """A descriptor from which `content` can be read."""
        fd = os.memfd_create("backwright", os.MFD_CLOEXEC)
        self.fds.append(fd)
        with open(fd, "wb", closefd=False) as sink:
            sink.write(content)
        os.lseek(fd, 0, os.SEEK_SET)
        return fd

    def close(self) -> None:
        """Close this process's copies."""
        while self.fds:
            os.close(self.fds.pop())


@functools.cache
def bubblewrap() -> tuple[str, tuple[int, ...]] | None:
    """The path and the version of bwrap, or None."""
    path = shutil.which("bwrap", path=os.environ.get("PATH", os.defpath) + ":/usr/bin:/usr/local/bin")
    if path is None:
        return None
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout.split()
    numbers = said[-1].split(".") if said else []
    return path, tuple(int(number) for number in numbers if number.isdigit())


def interpreter() -> Path:
    """The Python outside any virtual environment that runs process 1 of the sandbox."""
    return Path(getattr(sys, "_base_executable", None) or sys.executable).resolve()


def python_home(python: Path) -> Path | None:
    """The folder that a Python interpreter needs beyond the system's, or None."""
    real = python.resolve()
    home = real.parent.parent
    return None if home in (Path("/"), Path("/usr")) else home


def build(confined: Confined, control: int, listener: int | None) -> Start:
    """The whole start. Raises OSError, ValueError and seccomp.NoFilter."""
    found = bubblewrap()
    if found is None:
        raise OSError("bwrap is not installed")
    start = Start()
    try:
        _fill(start, confined, control, listener, found)
    except BaseException:
        start.close()
        raise
    return start


def _fill(
    start: Start, confined: Confined, control: int, listener: int | None, found: tuple[str, tuple[int, ...]]
) -> None:
    """Put the command line together."""
    bwrap, version = found
    seen = binds(confined)
    staged = os.geteuid() == 0
    place = next(place for place in STAGES if Path(place).is_dir()) if staged else ""
    argv = [bwrap, "--unshare-all", "--unshare-user", "--uid", str(INNER_ID), "--gid", str(INNER_ID)]
    argv += ["--cap-drop", "ALL", "--die-with-parent", "--new-session", "--as-pid-1", "--hostname", "sandbox"]
    argv += ["--disable-userns"] if version >= (0, 8) else []
    argv += _system(start)
    argv += _places(confined)
    for number, bind in enumerate(seen):
        source = f"{place}/{number}" if staged else str(bind.source)
        argv += ["--bind" if bind.writable else "--ro-bind", source, bind.target or str(bind.source)]
    for path, text in planted(confined).items():
        argv += ["--perms", "0444", "--file", str(start.data(text.encode())), path]
    for name in INSIDE:
        code = start.data((Path(__file__).parent / name).read_bytes())
        argv += ["--file", str(code), f"/run/backwright/{name}"]
    argv += ["--remount-ro", "/dev", "--remount-ro", "/"]
    argv += ["--seccomp", str(start.data(seccomp.compiled(confined.system_v)))]
    guest = start.data(spec(confined, control, listener))
    argv += ["--", str(interpreter()), "-I", "-S", "-B", "/run/backwright/inside.py", str(guest)]
    start.argv = _dropping(place, seen) + argv if staged else argv


def _dropping(place: str, binds: Sequence[Bind]) -> list[str]:
    """The command that stages the binds and stops being root."""
    head = [str(interpreter()), "-I", "-S", "-B", str(Path(__file__).parent / "staging.py")]
    return [*head, str(UNPRIVILEGED), place, *(str(bind.source) for bind in binds), "--"]


def binds(confined: Confined) -> list[Bind]:
    """The wanted binds and process 1's interpreter, outer targets before inner ones. Raises ValueError."""
    home = python_home(interpreter())
    wanted = {home.as_posix(): Bind(home)} if home else {}
    for bind in confined.binds:
        wanted[bind.target or bind.source.as_posix()] = bind
    for target, bind in wanted.items():
        if not target.startswith("/") or not bind.source.exists():
            raise ValueError(f"cannot bind {bind.source}: there is no such file or folder")
    return [wanted[target] for target in sorted(wanted)]


def _system(start: Start) -> Iterator[str]:
    """The system's read-only paths, and small files of the sandbox's own."""
    for each in map(Path, SYSTEM):
        if each.is_symlink():
            yield from ("--symlink", str(each.readlink()), str(each))
        elif each.is_dir():
            yield from ("--ro-bind", str(each), str(each))
    for name in ETC:
        yield from ("--ro-bind-try", name, name)
    for name, text in FILES.items():
        yield from ("--perms", "0644", "--file", str(start.data(text.encode())), name)
    yield from ("--proc", "/proc", "--dev", "/dev")


def planted(confined: Confined) -> Mapping[str, str]:
    """The files to be planted. Raises ValueError for a place that the guest may write to."""
    shared = tuple(f"{bind.target or bind.source}/" for bind in confined.binds if bind.writable)
    for path in confined.planted:
        if os.path.normpath(path) != path or not path.startswith("/") or f"{path}/".startswith(WRITABLE + shared):
            raise ValueError(f"{path!r} is no place to plant a file: it is not absolute, or the guest may write there")
    return confined.planted


def _places(confined: Confined) -> Iterator[str]:
    """The writable places, each a tmpfs of bounded size."""
    disk = confined.limits.disk
    for name, size in (("/app", disk), ("/tmp", disk), ("/dev/shm", disk // 4)):  # noqa: S108
        yield from ("--size", str(size), "--tmpfs", name)


def spec(confined: Confined, control: int, listener: int | None, **changed: Any) -> bytes:
    """What process 1 reads: a length, JSON (with the entries that are `changed`), and the bytes of the files."""
    files: list[tuple[str, int, bytes]] = []
    room = confined.limits.disk
    for path, mode, content in _files(confined):
        room -= len(content)
        if room < 0:
            raise ValueError(f"the files are larger than the sandbox's disk ({confined.limits.disk} bytes)")
        files.append((path, mode, content))
    limits: dict[str, Any] = asdict(confined.limits)
    limits["nproc"] = confined.limits.processes + _others()
    text = json.dumps(
        {
            "argv": list(confined.argv),
            "env": {**ENVIRONMENT, **confined.env},
            "workdir": confined.workdir,
            "limits": limits,
            "control": control,
            "listeners": [[listener, confined.serves]] if listener is not None else [],
            "reaches": [[reach.port, reach.socket] for reach in confined.reaches],
            "canary": confined.canary,
            "alone": True,
            "app": "/app",
            "filter": "",
            "places": ["/app", "/tmp", "/dev/shm"],  # noqa: S108
            "shared": [bind.target or str(bind.source) for bind in confined.binds if bind.writable],
            "files": [[path, mode, len(content)] for path, mode, content in files],
            **changed,
        }
    ).encode()
    return b"%d\n%s%s" % (len(text), text, b"".join(content for _, _, content in files))


def _files(confined: Confined) -> Iterator[tuple[str, int, bytes]]:
    """Path, mode and content of every file that goes to /app."""
    if confined.folder is not None:
        for root, folders, names in os.walk(confined.folder):
            folders[:] = sorted(set(folders) - LEFT_OUT)
            for name in sorted(names):
                path = Path(root, name)
                if path.is_file() and not path.is_symlink():
                    mode = 0o755 if os.access(path, os.X_OK) else 0o644
                    yield path.relative_to(confined.folder).as_posix(), mode, path.read_bytes()
    for given, content in confined.files.items():
        if given.startswith("/") or ".." in given.split("/"):
            raise ValueError(f"{given!r} is not a path below /app")
        yield given, 0o644, content.encode() if isinstance(content, str) else content


def _others() -> int:
    """Threads that count against the guest's process limit: none since Linux 5.14, which counts a namespace apart."""
    major, minor, *_ = (*platform.release().split("-")[0].split("."), "0", "0")
    if not (major.isdigit() and minor.isdigit()) or (int(major), int(minor)) >= (5, 14):
        return 0
    user = UNPRIVILEGED if os.geteuid() == 0 else os.geteuid()
    count = 0
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                count += len(list((entry / "task").iterdir())) if entry.stat().st_uid == user else 0
            except OSError:
                continue
    return count
