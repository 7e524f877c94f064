"""The folders from which a project's imports are written: its own, `src`, or that of one service of several."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from evaluators.draft import Artifact

_IMPORTS = re.compile(r"^[ \t]*(?:from|import)[ \t]+([A-Za-z_]\w*)", re.MULTILINE)
_DEEPEST = 4
"""How many folders down a root is looked for."""


def root_of(artifacts: list[Artifact]) -> dict[str, str]:
    """Path of a Python file -> the folder from which it and its siblings import; empty for the project's own.

    A folder is a root where it is no package, nobody imports it by name, and files below it import what lies in it.
    """
    paths = {artifact.path for artifact in artifacts}
    wanted: dict[str, set[str]] = {}
    for artifact in artifacts:
        tops = set(_IMPORTS.findall(artifact.text))
        for folder in _folders(artifact.path):
            wanted.setdefault(folder, set()).update(tops)
    imported = set().union(*wanted.values()) if wanted else set()
    own = {PurePosixPath(path).parts[0].removesuffix(".py") for path in paths}
    held: dict[str, set[str]] = {}
    for path in paths:
        for folder in _folders(path):
            below = PurePosixPath(path).relative_to(folder).parts
            held.setdefault(folder, set()).add(below[0].removesuffix(".py"))
    roots = {
        folder
        for folder, names in held.items()
        if f"{folder}/__init__.py" not in paths
        and not set(PurePosixPath(folder).parts) & imported
        and (names - own) & wanted.get(folder, set())
    }
    return {path: next((folder for folder in _folders(path) if folder in roots), "") for path in paths}


def _folders(path: str) -> list[str]:
    """The folders around a file, the outermost first."""
    parts = PurePosixPath(path).parts[:-1]
    return ["/".join(parts[:end]) for end in range(1, min(len(parts), _DEEPEST) + 1)]
