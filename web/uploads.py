"""Uploaded files: a zip or pasted text, unpacked in memory within the bounds of a draft.

A zip is hostile: paths that leave the project are refused, links and folders are passed
over, and what it unpacks to is counted while it is read, not by what its head says.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from assistant.errors import UsageError
from evaluators.draft import MAX_ARTIFACT_BYTES, MAX_ARTIFACTS, MAX_DRAFT_BYTES, UnsafePath, safe_path

PASSED_OVER = frozenset({".git", ".hg", ".svn", ".venv", "venv", "node_modules", "__pycache__", ".mypy_cache", ".idea"})
"""Folders of a project that are not its source."""
MAX_ENTRIES = 20_000
"""Entries that a zip's list may have, passed over ones included."""


def unpacked(data: bytes) -> dict[str, str]:
    """The text files of a zip, path -> text; one folder around all of them is taken off.

    Raises:
        UsageError: no zip, a path that leaves the project, or more than a draft holds.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as opened:
            found = dict(_read(opened))
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise UsageError(f"The zip cannot be read: {str(error)[:200]}", "Pack it again, without a password.") from None
    if not found:
        raise UsageError("The zip holds no text files.", "Upload the project's source.")
    return _without_wrapper(found)


def pasted(paths: Iterable[str], texts: Iterable[str]) -> dict[str, str]:
    """Pasted files, path -> text; rows without both are passed over. Raises UsageError."""
    found: dict[str, str] = {}
    for path, text in zip(paths, texts, strict=False):
        if not text.strip() and not path.strip():
            continue
        if not path.strip():
            raise UsageError("A pasted file has no path.", "Name it as it is called in the project, e.g. openapi.yaml.")
        name = _safe(path)
        if name in found:
            raise UsageError(f"{name} is pasted twice.", "Keep one of the two.")
        if len(text.encode("utf-8", "replace")) > MAX_ARTIFACT_BYTES:
            raise _too_large(name)
        found[name] = text.replace("\r\n", "\n")
    if sum(len(text.encode("utf-8", "replace")) for text in found.values()) > MAX_DRAFT_BYTES:
        raise UsageError(f"That is more than {MAX_DRAFT_BYTES:,} bytes.", "Judge a part of it.")
    return found


def _read(opened: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Each text file of a zip, within the bounds of a draft."""
    entries = opened.infolist()
    if len(entries) > MAX_ENTRIES:
        raise UsageError(f"The zip has more than {MAX_ENTRIES:,} entries.", "Leave out what is not source.")
    files, total = 0, 0
    for entry in entries:
        # The upper half of the attributes is the mode of Unix: 0o120000 is a link.
        link = (entry.external_attr >> 16) & 0o170000 == 0o120000
        if entry.is_dir() or link or PASSED_OVER & set(PurePosixPath(entry.filename.replace("\\", "/")).parts):
            continue
        path = _safe(entry.filename)
        with opened.open(entry) as stream:
            content = stream.read(MAX_ARTIFACT_BYTES + 1)
        text = _text(content)
        if text is None:
            continue
        if len(content) > MAX_ARTIFACT_BYTES:
            raise _too_large(path)
        files, total = files + 1, total + len(content)
        if files > MAX_ARTIFACTS or total > MAX_DRAFT_BYTES:
            bound = f"{MAX_ARTIFACTS:,} files or {MAX_DRAFT_BYTES:,} bytes"
            raise UsageError(f"The zip holds more than {bound} of text.", "Judge a part of it.")
        yield path, text


def _text(content: bytes) -> str | None:
    """Text with LF, or None for what is no UTF-8 text."""
    if b"\0" in content:
        return None
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        return None


def _safe(path: str) -> str:
    """A path inside the project. Raises UsageError."""
    try:
        return safe_path(path)
    except UnsafePath as error:
        raise UsageError(f"A file may not be called so: {error}"[:300], "Name it relative to the project.") from None


def _too_large(path: str) -> UsageError:
    """The error of a file above the bound."""
    return UsageError(f"{path} has more than {MAX_ARTIFACT_BYTES:,} bytes.", "Leave it out; generated files need none.")


def _without_wrapper(files: dict[str, str]) -> dict[str, str]:
    """The files without the one folder that holds all of them, as archives of repositories have."""
    tops = {PurePosixPath(path).parts[0] for path in files}
    if len(tops) != 1 or any("/" not in path for path in files):
        return files
    return {path.partition("/")[2]: text for path, text in files.items()}
