"""What would land: a draft compared with a project, without touching it."""

from __future__ import annotations

import difflib
import enum
import json
import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assistant.errors import LandingError
from assistant.landing.paths import OURS, Blocked, Root, digest
from assistant.landing.record import Record, read_record
from evaluators.draft import Artifact, Draft

LONGEST_DIFF = 20_000
"""Most lines of a file, old and new together, that are compared line by line."""


class Kind(enum.StrEnum):
    """What landing does to a file."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    CONFLICTING = "conflicting"


@dataclass(frozen=True)
class FileChange:
    """One file. `base`, `ours` and `theirs` are SHA-256 in hex, None where there is no file.

    `base` is what we landed last, `ours` what the project has now, `theirs` what
    the draft has.
    """

    path: str
    kind: Kind
    base: str | None
    ours: str | None
    theirs: str
    text: str
    """The draft's text."""
    diff: str = ""
    """From `ours` to `theirs`, unified."""
    why: str = ""
    """Of a conflict: what stands in the way."""


@dataclass(frozen=True)
class Change:
    """What would land, with its evidence (a path and a JSON text) and notes for the reader."""

    files: tuple[FileChange, ...] = ()
    run: str = ""
    evidence: tuple[str, str] | None = None
    notes: tuple[str, ...] = ()

    def of(self, *kinds: Kind) -> tuple[FileChange, ...]:
        """The files of any of the kinds, in the draft's order."""
        return tuple(each for each in self.files if each.kind in kinds)

    @property
    def base(self) -> dict[str, str | None]:
        """Path -> SHA-256 of what we landed last."""
        return {each.path: each.base for each in self.files}

    @property
    def ours(self) -> dict[str, str | None]:
        """Path -> SHA-256 of what the project has."""
        return {each.path: each.ours for each in self.files}

    @property
    def theirs(self) -> dict[str, str]:
        """Path -> SHA-256 of what the draft has."""
        return {each.path: each.theirs for each in self.files}

    @property
    def conflicts(self) -> tuple[FileChange, ...]:
        """The files that stand in the way of landing."""
        return self.of(Kind.CONFLICTING)

    @property
    def diff(self) -> str:
        """Every file's diff, one after the other."""
        return "".join(each.diff for each in self.files)


def plan(draft: Draft, project: Path, *, run: str = "") -> Change:
    """Compare a draft with a project's folder, which need not exist yet. Writes nothing.

    Raises:
        LandingError: the folder or our record in it cannot be read.
    """
    if not project.exists():
        files = tuple(_created(artifact, None) for artifact in draft)
        return Change(files, run)
    with Root(project) as root:
        record = read_record(root)
        try:
            files = tuple(_compare(artifact, root, record) for artifact in draft)
        except OSError as error:
            raise LandingError(f"the project cannot be read: {error.strerror}", "check its permissions") from error
    return Change(files, run, notes=_notes(project, files))


def with_evidence(change: Change, run: str, evidence: Mapping[str, Any]) -> Change:
    """The change with an evidence file that lands together with it.

    `evidence` must be what JSON can hold. Raises LandingError for a run's name
    that is no plain name.
    """
    text = json.dumps(evidence, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    return replace(change, run=run, evidence=(evidence_path(run), text))


def evidence_path(run: str) -> str:
    """Where a run's evidence lies in a project."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,100}", run):
        raise LandingError(f"{run!r} is no name for an evidence file", "use letters, digits, _ and -")
    return f"{OURS}/evidence/{run}.json"


def _compare(artifact: Artifact, root: Root, record: Record) -> FileChange:
    """One file of the draft against the project."""
    landed = record.files.get(artifact.path)
    base = landed.sha256 if landed else None
    try:
        twin = _twin(artifact.path, root)
        if twin:
            raise Blocked(artifact.path, f"differs only in case from {twin}")
        data = root.read(artifact.path)
    except Blocked as blocked:
        theirs = digest(artifact.text.encode())
        return FileChange(artifact.path, Kind.CONFLICTING, base, None, theirs, artifact.text, why=blocked.why)
    if data is None:
        return _created(artifact, base)
    made = _created(artifact, base)
    ours = digest(data)
    if ours == made.theirs:
        return replace(made, kind=Kind.UNCHANGED, ours=ours, diff="")
    shown = _diff(artifact.path, data.decode("utf-8", "replace"), artifact.text)
    if ours == base:
        return replace(made, kind=Kind.UPDATED, ours=ours, diff=shown)
    why = "exists and was not landed by backwright" if base is None else "was changed since it was landed"
    return replace(made, kind=Kind.CONFLICTING, ours=ours, diff=shown, why=why)


def _created(artifact: Artifact, base: str | None) -> FileChange:
    """A file that the project does not have."""
    text = artifact.text
    return FileChange(
        artifact.path, Kind.CREATED, base, None, digest(text.encode()), text, _diff(artifact.path, None, text)
    )


def _twin(path: str, root: Root) -> str:
    """A path of the project that differs from `path` only in case; empty where there is none."""
    above = ""
    for part in path.split("/"):
        names = root.names(above)
        if part not in names:
            return next((f"{above}/{name}".lstrip("/") for name in names if name.casefold() == part.casefold()), "")
        above = f"{above}/{part}".lstrip("/")
        if above == path:
            break
    return ""


def _diff(path: str, old: str | None, new: str) -> str:
    """A unified diff; `old` None means that the file is new."""
    # Not splitlines: a form feed or U+2028 ends no line in a diff.
    before, after = (re.findall(r"[^\n]*\n|[^\n]+", text) for text in (old or "", new))
    source = "/dev/null" if old is None else f"a/{path}"
    if len(before) + len(after) > LONGEST_DIFF:
        return f"--- {source}\n+++ b/{path}\n(too long to show: {len(before)} and {len(after)} lines)\n"
    lines = list(difflib.unified_diff(before, after, source, f"b/{path}"))
    if not lines:
        return f"--- {source}\n+++ b/{path}\n"
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _notes(project: Path, files: tuple[FileChange, ...]) -> tuple[str, ...]:
    """What a reader should know before landing."""
    notes = [
        f"{each.path} was landed before and is gone; it will be written again"
        for each in files
        if each.kind is Kind.CREATED and each.base is not None
    ]
    if _dirty(project):
        notes.append("the git tree has changes that are not committed; landing leaves them and .git alone")
    return tuple(notes)


def _dirty(project: Path) -> bool:
    """Whether the project is in a git work tree with uncommitted changes. Reads only."""
    command = ["git", "-C", str(project), "-c", "core.fsmonitor=false", "status", "--porcelain", "--", "."]
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0"}
    try:
        done = subprocess.run(command, capture_output=True, timeout=10, env=environment, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and done.stdout.strip() != b""
