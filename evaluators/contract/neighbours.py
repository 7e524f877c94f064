"""The files of a folder that a contract refers to, read only where the draft lacks them.

Never over the network, never outside the folder: a path with `..` that leaves it,
a symbolic link on the way and anything that is no YAML or JSON file are left alone.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import unquote

from evaluators.contract.document import candidates
from evaluators.contract.source import MAX_CHARACTERS
from evaluators.draft import Artifact, Draft, UnsafePath

MAX_FILES = 1_000
"""Most files that are read for one contract."""
MAX_BYTES = 60_000_000
"""Most bytes that are read for one contract."""

_REFERENCE = re.compile(r"\$ref[\"']?\s*:\s*[\"']?(?![\"'#])([^\"'#\s,}\]]+)")
_SUFFIXES = (".yaml", ".yml", ".json")


def addresses(artifact: Artifact) -> Iterator[str]:
    """The paths inside the folder that a file's references name, each once."""
    found = dict.fromkeys(match.group(1) for match in _REFERENCE.finditer(artifact.text))
    for address in found:
        if "://" in address or address.startswith(("/", "//")):
            continue
        path = posixpath.normpath(posixpath.join(posixpath.dirname(artifact.path), unquote(address)))
        if not path.startswith("..") and path.lower().endswith(_SUFFIXES):
            yield path


def referenced(root: Path, known: Iterable[Artifact]) -> list[Artifact]:
    """The files below `root` that the contracts among `known` refer to, and `known` lacks."""
    held = {artifact.path: artifact for artifact in known}
    pending = list(candidates(Draft(tuple(held.values()))))
    seen = {artifact.path for artifact in pending}
    added: list[Artifact] = []
    left = MAX_BYTES
    while pending:
        for path in addresses(pending.pop()):
            if path in seen or len(seen) > MAX_FILES:
                continue
            seen.add(path)
            found = held.get(path) or _read(root, path, left)
            if found is None:
                continue
            if path not in held:
                left -= len(found.text)
                added.append(found)
            pending.append(found)
    return added


def _read(root: Path, path: str, most: int) -> Artifact | None:
    """The file at a path below `root`, or None where there is none that may be read."""
    base = root.resolve()
    file = base / path
    try:
        if file.resolve() != file or not file.is_file() or file.stat().st_size > min(most, MAX_CHARACTERS):
            return None
        text = file.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
        return None if "\0" in text else Artifact.of(path, text)
    except (OSError, UnicodeDecodeError, UnsafePath, RuntimeError, ValueError):
        return None
