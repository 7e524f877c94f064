"""A cache of static results by content: what was judged and has not changed is not judged again.

The key of a result is a hash of all that it follows from: the gate's own sources
and the libraries that read for it, the stage, what is known about the subject,
and the artifacts. So nothing needs to be invalidated. Values are JSON, so a file
that somebody else put there can be wrong but cannot run. A damaged one is a miss.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
import tempfile
from importlib import metadata
from pathlib import Path
from typing import Any

from evaluators.draft import Subject
from evaluators.formats.json import NotAReport, as_value, of_value
from evaluators.report import Reason, Report, StageResult

LIBRARIES = ("sqlglot", "sqlglotc", "postgast", "ruff", "jsonschema-rs", "pyyaml")
"""What reads for the static stages; another version may see other things."""

SHELF = 64
"""Entries in each of the 256 shelves: about 16,000 in all. The oldest go first."""


DETERMINED = frozenset({None, Reason.NOT_PARSED, Reason.NOT_DELIVERED, Reason.NOTHING_TO_CHECK})
"""Why a kept stage may be unverified: what follows from its artifacts alone, and not from this machine."""


def default_folder() -> Path:
    """`BACKWRIGHT_CACHE`, else the user's cache."""
    import platformdirs

    given = os.environ.get("BACKWRIGHT_CACHE")
    return Path(given or platformdirs.user_cache_dir("backwright", appauthor=False)) / "results"


class Cache:
    """Results below `folder`, which is made when it is needed. Safe for several processes at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, key: str) -> Any | None:
        """The value kept under `key` (hex digits), or None."""
        path = self._path(key)
        try:
            value = json.loads(path.read_bytes())
            os.utime(path)
        except (OSError, ValueError, RecursionError):
            return None
        return value

    def put(self, key: str, value: Any) -> None:
        """Keep a JSON value; where the folder cannot be written, nothing is kept."""
        path = self._path(key)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=".")
            with os.fdopen(handle, "wb") as file:
                file.write(json.dumps(value, separators=(",", ":")).encode())
            Path(name).replace(path)
            _make_room(path.parent)
        except (OSError, UnicodeEncodeError):
            return

    def _path(self, key: str) -> Path:
        """Where the entry of a key is."""
        return self._folder / key[:2] / f"{key[2:]}.json"


def _make_room(shelf: Path) -> None:
    """Drop a shelf's oldest entries above SHELF."""
    entries = [entry for entry in os.scandir(shelf) if entry.name.endswith(".json")]
    if len(entries) <= SHELF:
        return
    entries.sort(key=lambda entry: entry.stat().st_mtime_ns)
    for entry in entries[:-SHELF]:
        Path(entry.path).unlink(missing_ok=True)


def key_of(stage: str, subject: Subject) -> str:
    """The key of a stage's result on a subject."""
    about = (
        gate_identity(), stage, subject.dialect, subject.stack, subject.depth, subject.hostile,
        sorted(subject.required), sorted(subject.options),
    )  # fmt: skip
    text = hashlib.sha256(repr(about).encode())
    for artifact in subject.draft:
        text.update(repr((artifact.path, artifact.role)).encode())
        text.update(_digest(artifact.text))
    return text.hexdigest()


@functools.lru_cache(maxsize=20_000)
def _digest(text: str) -> bytes:
    """A text's hash, worked out once for all stages."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


@functools.cache
def gate_identity() -> str:
    """A hash of the gate's own sources (by name, size and time of change) and of the libraries' versions."""
    root = Path(__file__).parent
    text = hashlib.sha256()
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if name != "__pycache__")
        for name in sorted(files):
            about = Path(folder, name).stat()
            text.update(f"{folder}/{name} {about.st_size} {about.st_mtime_ns}\n".encode())
    for library in LIBRARIES:
        text.update(f"{library} {_version(library)}\n".encode())
    return text.hexdigest()


def _version(library: str) -> str:
    """A library's version, empty where it is not installed."""
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return ""


def kept(cache: Cache, key: str, stage: str) -> StageResult | None:
    """The result of the stage `stage` under `key`, or None where there is none or it is no result."""
    value = cache.get(key)
    if value is None:
        return None
    try:
        report = of_value(value)
        doubt = Reason(value["doubt"]) if value["doubt"] else None
    except (NotAReport, KeyError, ValueError):
        return None
    if [each.name for each in report.stages] != [stage]:
        return None
    return StageResult(report.stages[0], report.findings, report.not_checked, doubt)


def keep(cache: Cache, key: str, result: StageResult) -> None:
    """Keep a stage's result, unless it hangs on more than its key: a tool that failed, no sandbox."""
    if result.stage.reason in DETERMINED and result.doubt in DETERMINED:
        # An error can hide a doubt, and a suppression can take the error away.
        held = {"doubt": result.doubt}
        cache.put(key, as_value(Report((result.stage,), result.findings, result.not_checked)) | held)
