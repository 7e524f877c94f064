"""What was landed last: `.backwright/landed.json`, path -> SHA-256 and run.

It tells our files from the user's: a file whose text is no longer what we
landed, or that we never landed, is not ours to overwrite.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import Any

from assistant.errors import LandingError
from assistant.landing.paths import OURS, Blocked, Root

PATH = f"{OURS}/landed.json"
KEPT = 20
"""Landings whose backups are kept for `undo`."""


@dataclass(frozen=True)
class Landed:
    """One file as we landed it."""

    sha256: str
    run: str


@dataclass(frozen=True)
class Record:
    """Every file that is ours, and the landings that can be undone, oldest first (id, run)."""

    files: dict[str, Landed] = field(default_factory=dict)
    landings: tuple[tuple[str, str], ...] = ()

    def having(self, files: dict[str, str], landing: str, run: str) -> Record:
        """This record after a landing of `files` (path -> SHA-256)."""
        merged = {**self.files, **{path: Landed(sha256, run) for path, sha256 in files.items()}}
        return replace(self, files=merged, landings=(*self.landings, (landing, run))[-KEPT:])

    def dump(self) -> bytes:
        """As JSON, sorted."""
        value = {
            "version": 1,
            "landings": [{"id": landing, "run": run} for landing, run in self.landings],
            "files": {path: {"sha256": each.sha256, "run": each.run} for path, each in sorted(self.files.items())},
        }
        return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def read_record(root: Root) -> Record:
    """The project's record; an empty one where there is none.

    Raises:
        LandingError: it is there and cannot be understood.
    """
    try:
        data = root.read(PATH)
        return Record() if data is None else _load(json.loads(data))
    except (Blocked, OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise LandingError(
            f"{PATH} cannot be read ({type(error).__name__})",
            "restore it, or remove it: then every file that exists counts as yours",
        ) from error


def _load(value: Any) -> Record:
    """A record from parsed JSON; raises KeyError, TypeError, ValueError or AttributeError."""
    if value["version"] != 1:
        raise ValueError("version")
    files = {str(path): Landed(str(each["sha256"]), str(each["run"])) for path, each in value["files"].items()}
    return Record(files, tuple((str(each["id"]), str(each["run"])) for each in value["landings"]))
