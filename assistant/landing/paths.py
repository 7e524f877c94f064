"""The guard: every touch of a project goes through a folder's descriptor, never through a symlink.

A `Root` holds the project open. Each path is walked part by part with
`O_NOFOLLOW`, so a folder that turns into a symlink while we land leads nowhere:
the walk fails, and nothing outside is read or written.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from assistant.errors import LandingError

OURS = ".backwright"
"""Our folder in a project: the record, evidence and journals."""

MAX_READ = 16_000_000
"""Largest file of a project that is read, in bytes."""

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_HIDDEN = frozenset({".git", ".hg", ".svn"})


class Blocked(Exception):
    """A path that cannot be used; `why` says it in a few words."""

    def __init__(self, path: str, why: str) -> None:
        super().__init__(f"{path} {why}")
        self.path = path
        self.why = why


def digest(data: bytes) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(data).hexdigest()


class Root:
    """A project's folder, held open. Paths are relative, with forward slashes.

    Methods raise `Blocked` for what lies in the way and `OSError` for what the
    file system refuses.
    """

    def __init__(self, project: Path) -> None:
        self.project = project
        self._fd = -1

    def __enter__(self) -> Root:
        try:
            self._fd = os.open(self.project.resolve(), os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError as error:
            raise LandingError(f"{self.project} cannot be opened: {_words(error)}", "name a folder") from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._fd)

    def lock(self) -> None:
        """Hold the project for one landing, until it is closed or the process ends.

        The folder itself is locked: there is no lock file that could be left behind.
        """
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LandingError("another landing is under way in this project", "wait until it is done") from None

    @contextlib.contextmanager
    def folder(self, path: str, *, make: bool = False) -> Iterator[int]:
        """A descriptor of the folder at `path` (empty: the project), made with its parents if asked for."""
        fd = os.dup(self._fd)
        try:
            for part in _parts(path):
                if make:
                    with contextlib.suppress(FileExistsError):
                        os.mkdir(part, dir_fd=fd)
                        os.fsync(fd)
                below = _step(part, fd, path)
                os.close(fd)
                fd = below
            yield fd
        finally:
            os.close(fd)

    @contextlib.contextmanager
    def _parent(self, path: str) -> Iterator[tuple[int, str]]:
        """A descriptor of the folder that holds `path`, and the last part."""
        above, _, name = path.rpartition("/")
        if not _parts(path):
            raise Blocked(path, "names no file")
        with self.folder(above) as fd:
            yield fd, name

    def read(self, path: str) -> bytes | None:
        """A file's bytes, or None when nothing is there."""
        try:
            with self._parent(path) as (above, name):
                fd = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=above)
        except FileNotFoundError:
            return None
        except OSError as error:
            if error.errno == errno.ELOOP:
                raise Blocked(path, "is a symbolic link") from error
            raise
        try:
            known = os.fstat(fd)
            if not stat.S_ISREG(known.st_mode):
                raise Blocked(path, "is no regular file")
            if known.st_size > MAX_READ:
                raise Blocked(path, f"is larger than {MAX_READ} bytes")
            with os.fdopen(fd, "rb", closefd=False) as file:
                return file.read(MAX_READ)
        finally:
            os.close(fd)

    def digest(self, path: str) -> str | None:
        """SHA-256 of a file, or None when nothing is there."""
        data = self.read(path)
        return None if data is None else digest(data)

    def mode(self, path: str) -> int | None:
        """A file's permission bits, or None when nothing is there."""
        try:
            with self._parent(path) as (above, name):
                return stat.S_IMODE(os.stat(name, dir_fd=above, follow_symlinks=False).st_mode)
        except FileNotFoundError:
            return None

    def names(self, path: str) -> list[str]:
        """The names in a folder, sorted; empty when it is not there."""
        try:
            with self.folder(path) as fd:
                return sorted(os.listdir(fd))  # noqa: PTH208  a descriptor is no Path
        except FileNotFoundError:
            return []

    def missing(self, path: str) -> list[str]:
        """The folders on the way to `path` that are not there, outermost first."""
        parts = _parts(path)[:-1]
        for count in range(1, len(parts) + 1):
            try:
                with self.folder("/".join(parts[:count])):
                    pass
            except FileNotFoundError:
                return ["/".join(parts[:number]) for number in range(count, len(parts) + 1)]
        return []

    def write(self, path: str, data: bytes, mode: int = 0o644) -> None:
        """Write a new file and bring it to the disk; its folder must be there, the file not."""
        with self._parent(path) as (above, name):
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
            fd = os.open(name, flags, mode, dir_fd=above)
            try:
                view = memoryview(data)
                while view:
                    view = view[os.write(fd, view) :]
                if mode != 0o644:
                    os.fchmod(fd, mode)
                os.fsync(fd)
            finally:
                os.close(fd)
            os.fsync(above)

    def move(self, source: str, target: str, *, new: bool = False) -> None:
        """Put `source` at `target` in one step. `new`: only where nothing is (raises FileExistsError)."""
        with self._parent(source) as (here, name), self._parent(target) as (there, wanted):
            if new and _linked(name, here, wanted, there):
                os.unlink(name, dir_fd=here)
            else:
                os.rename(name, wanted, src_dir_fd=here, dst_dir_fd=there)
            os.fsync(there)

    def remove(self, path: str) -> None:
        """Remove a file; nothing happens when it is not there."""
        with contextlib.suppress(FileNotFoundError), self._parent(path) as (above, name):
            os.unlink(name, dir_fd=above)
            os.fsync(above)

    def remove_empty(self, path: str) -> None:
        """Remove a folder if it is there and empty."""
        try:
            with self._parent(path) as (above, name):
                os.rmdir(name, dir_fd=above)
        except (OSError, Blocked):
            return

    def remove_tree(self, path: str) -> None:
        """Remove a folder of ours with the files and folders in it."""
        for name in self.names(path):
            inner = f"{path}/{name}"
            try:
                self.remove(inner)
            except (IsADirectoryError, PermissionError):
                self.remove_tree(inner)
        self.remove_empty(path)


def _parts(path: str) -> list[str]:
    """A path's parts; raises Blocked for one that leads out of the project or into version control."""
    parts = path.split("/") if path else []
    for part in parts:
        if part in ("", ".", "..") or "\0" in part:
            raise Blocked(path, "is not inside the project")
        if part.lower() in _HIDDEN:
            raise Blocked(path, f"is in {part}, which is not ours to write")
    return parts


def _step(part: str, above: int, path: str) -> int:
    """Open one folder on the way."""
    try:
        return os.open(part, _FOLDER, dir_fd=above)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENOTDIR):
            raise Blocked(path, f"has {part} on its way, which is no folder of the project") from error
        raise


def _linked(name: str, here: int, wanted: str, there: int) -> bool:
    """Link a file to a name where nothing is; False where the file system has no links."""
    try:
        os.link(name, wanted, src_dir_fd=here, dst_dir_fd=there, follow_symlinks=False)
    except FileExistsError:
        raise
    except OSError as error:
        if error.errno in (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK):
            return False
        raise
    return True


def _words(error: OSError) -> str:
    """What the system says, in lower case and without a number."""
    return (error.strerror or "unknown error").lower()


def refused(what: str, error: OSError | Blocked) -> LandingError:
    """The one line for a landing that could not be, with the project as it was."""
    if isinstance(error, Blocked):
        return LandingError(f"{what}: {error}; the project is as it was", "make room for the file, or land elsewhere")
    hints = {
        errno.ENOSPC: "free some space and try again",
        errno.EDQUOT: "free some space and try again",
        errno.EROFS: "the project's folder can only be read; land elsewhere with --into",
        errno.EACCES: "the project's folder can only be read; land elsewhere with --into",
        errno.EPERM: "the project's folder can only be read; land elsewhere with --into",
        errno.EXDEV: "the target lies on another file system; land without that mount",
    }
    hint = hints.get(error.errno or 0, "mend it and try again")
    return LandingError(f"{what}: {_words(error)}; the project is as it was", hint)
