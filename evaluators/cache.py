"""A cache of static results by content: what was judged and has not changed is not judged again.

The key of a result is a hash of all that it follows from: the gate's own sources
and the libraries that read for it, the stage, what is known about the subject,
every artifact's path, and the texts that the stage reads. So nothing needs to be
invalidated. Values are JSON, so a file that somebody else put there can be wrong
but cannot run. A damaged one is a miss.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from evaluators.draft import Artifact, Draft, Role, Subject
from evaluators.formats.json import NotAReport, as_value, of_value
from evaluators.report import Reason, Report, StageResult

LIBRARIES = ("backwright", "sqlglot", "sqlglotc", "postgast", "ruff", "jsonschema-rs", "pyyaml")
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

    def key(self, *parts: object) -> str:
        """The key of what follows from these parts (by their `repr`) and from the gate's version."""
        return hashlib.sha256(repr((gate_identity(), *parts)).encode("utf-8", "surrogatepass")).hexdigest()

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
        gate_identity(), stage, subject.dialect, subject.stack, subject.depth, subject.hostile, subject.root is None,
        sorted(subject.required), sorted(subject.options),
    )  # fmt: skip
    text = hashlib.sha256(repr(about).encode())
    read = {artifact.path for artifact in read_by(stage, subject.draft)}
    for artifact in subject.draft:
        text.update(repr((artifact.path, artifact.role, artifact.path in read)).encode())
        if artifact.path in read:
            text.update(_digest(artifact.text))
    return text.hexdigest()


def read_by(stage: str, draft: Draft) -> tuple[Artifact, ...]:
    """The artifacts whose texts a static stage may read; all of them where nothing narrower is sure."""
    if stage in ("sql", "migrations"):
        # Alembic's revisions may be anywhere; each assigns to `revision`.
        code = (each for each in draft.having(Role.CODE) if "revision" in each.text)
        return (*draft.having(Role.SCHEMA, Role.MIGRATION), *code)
    if stage == "contract":
        read = tuple(each for each in draft if not each.path.lower().endswith(_NO_CONTRACTS))
        folded = [each.text.lower() for each in read]
        named = tuple(end for end in _NO_CONTRACTS if any(end in text for text in folded))
        # A `$ref` may name any file, so one whose ending is spoken of is read.
        return (*read, *(each for each in draft if each.path.lower().endswith(named))) if named else read
    return draft.artifacts


_NO_CONTRACTS = (".py", ".pyi", ".sql", ".md")
"""Endings of files that are no contract and that none refers to, unless it speaks of such a file."""


@functools.lru_cache(maxsize=20_000)
def _digest(text: str) -> bytes:
    """A text's hash, worked out once for all stages."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


@functools.cache
def gate_identity() -> str:
    """A hash of the gate's own sources (by name, size and time of change), of Python and the libraries' versions."""
    text = hashlib.sha256(f"{sys.version} {sys.platform}\n".encode())
    waiting = [str(Path(__file__).parent)]
    while waiting:
        for entry in sorted(os.scandir(waiting.pop()), key=lambda each: each.name):
            if entry.is_dir():
                if entry.name != "__pycache__":
                    waiting.append(entry.path)
                continue
            about = entry.stat()
            text.update(f"{entry.path} {about.st_size} {about.st_mtime_ns}\n".encode())
    for library, version in _versions().items():
        text.update(f"{library} {version}\n".encode())
    return text.hexdigest()


def _versions() -> dict[str, str]:
    """Each library -> its version by the name of its metadata's folder, which is much faster than to read it."""
    wanted = {library.replace("-", "_"): "" for library in LIBRARIES}
    for folder in sys.path:
        try:
            names = [entry.name for entry in os.scandir(folder or ".")]
        except OSError:
            continue
        for name in sorted(name for name in names if name.endswith((".dist-info", ".egg-info"))):
            library, _, version = name.partition("-")
            if wanted.get(library.lower()) == "":
                wanted[library.lower()] = version
    return {library: version or _version(library) for library, version in wanted.items()}


def _version(library: str) -> str:
    """A library's version by its metadata, empty where it is not installed."""
    from importlib import metadata

    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return ""


ABSENT: dict[str, Any] = {"applies": False}
"""What is kept of a stage that has nothing to judge in its artifacts."""


def kept(cache: Cache, key: str, stage: str) -> StageResult | dict[str, Any] | None:
    """The result of the stage `stage` under `key`; ABSENT where it had nothing to judge; None where nothing is kept."""
    value = cache.get(key)
    if value is None or value == ABSENT:
        return None if value is None else ABSENT
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
