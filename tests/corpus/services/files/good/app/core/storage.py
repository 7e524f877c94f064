"""Contents on disk, each under its id: no name that a user chose becomes a path."""

import os
from pathlib import Path
from uuid import UUID

from anyio import to_thread

from app.core.config import config


def prepare() -> None:
    """Make the folder, for this user alone. Raises RuntimeError where it belongs to another."""
    root = config().storage_dir
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = root.lstat()
    if root.is_symlink() or found.st_uid != os.geteuid():
        raise RuntimeError("the storage folder belongs to another user")
    root.chmod(0o700)


def _place(file_id: UUID) -> Path:
    return config().storage_dir / file_id.hex


async def save(file_id: UUID, content: bytes) -> None:
    """Write a new file; it must not exist."""

    def write() -> None:
        with _place(file_id).open("xb") as sink:
            sink.write(content)

    await to_thread.run_sync(write)


async def load(file_id: UUID) -> bytes | None:
    """The content, or None where it is gone."""

    def read() -> bytes | None:
        try:
            return _place(file_id).read_bytes()
        except FileNotFoundError:
            return None

    return await to_thread.run_sync(read)


async def discard(file_id: UUID) -> None:
    """Remove a content; it may be gone already."""
    await to_thread.run_sync(lambda: _place(file_id).unlink(missing_ok=True))
