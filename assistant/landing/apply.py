"""Lands a change, and mends what an earlier, killed landing left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import Conflict, LandingError
from assistant.landing import record as records
from assistant.landing.paths import OURS, Blocked, Root, refused
from assistant.landing.plan import Change, FileChange, Kind, with_evidence
from assistant.landing.transaction import FOLDER, Write, commit, forget, resume

_IGNORE = (f"{OURS}/.gitignore", b"landing/\n")


@dataclass(frozen=True)
class Landing:
    """What was done: the landing's id, the run and the paths that were written or removed."""

    id: str
    run: str
    paths: tuple[str, ...]


def apply(change: Change, project: Path) -> Landing:
    """Land a change, all of it or nothing. The folder is made if it is not there.

    Raises:
        Conflict: files of the project are the user's, or changed since the plan.
        LandingError: the project could not take it, or another landing is under way.
    """
    if change.conflicts:
        raise conflict(change.conflicts)
    made = _make(project)
    try:
        with Root(project) as root:
            root.lock()
            mend(root)
            return _apply(change, root)
    except BaseException:
        for folder in made:
            _unmake(folder)
        raise


def _apply(change: Change, root: Root) -> Landing:
    """Land under the lock."""
    record = records.read_record(root)
    id = new_id()
    try:
        writes = _writes(change, root)
        after = record.having({each.path: each.theirs for each in change.files}, id, change.run)
        writes.append(Write(records.PATH, root.read(records.PATH), after.dump()))
    except (OSError, Blocked) as error:
        raise refused("the project cannot be read", error) from error
    commit(root, id, change.run, writes)
    _prune(root, after)
    return Landing(id, change.run, tuple(each.path for each in change.of(Kind.CREATED, Kind.UPDATED)))


def _writes(change: Change, root: Root) -> list[Write]:
    """The change's files, checked against the project as it is now; then evidence and what git ignores."""
    moved: list[FileChange] = []
    writes: list[Write] = []
    for each in change.files:
        try:
            before = root.read(each.path)
            now = root.digest(each.path)
        except Blocked:
            moved.append(each)
            continue
        if now != each.ours:
            moved.append(each)
        elif each.kind is not Kind.UNCHANGED:
            writes.append(Write(each.path, before, each.text.encode()))
    if moved:
        listed = ", ".join(each.path for each in moved)
        raise Conflict(f"the project changed since the change was planned: {listed}", "look at it and land again")
    if change.evidence is not None:
        path, text = change.evidence
        writes.append(Write(path, root.read(path), text.encode()))
    if root.read(_IGNORE[0]) is None:
        writes.append(Write(_IGNORE[0], None, _IGNORE[1]))
    return writes


def conflict(files: tuple[FileChange, ...]) -> Conflict:
    """The error that lists every file in the way."""
    listed = "; ".join(f"{each.path} {each.why}" for each in files)
    return Conflict(f"nothing was landed: {listed}", "move or remove what is yours, or land into another folder")


def write_evidence(project: Path, run: str, evidence: Mapping[str, Any]) -> str:
    """Write a run's evidence alone, where nothing lands with it; its path in the project.

    For a change that lands, `plan.with_evidence` puts it into the same landing.
    Raises LandingError.
    """
    change = with_evidence(Change(), run, evidence)
    assert change.evidence is not None  # noqa: S101  with_evidence set it
    path, text = change.evidence
    made = _make(project)
    try:
        with Root(project) as root:
            root.lock()
            mend(root)
            try:
                commit(root, new_id(), run, [Write(path, root.read(path), text.encode())], keep=False)
            except (OSError, Blocked) as error:
                raise refused("the evidence could not be written", error) from error
    except BaseException:
        for folder in made:
            _unmake(folder)
        raise
    return path


def recover(project: Path) -> tuple[str, ...]:
    """Finish or take back landings that were cut by a kill; one line for each. Called at every start.

    Nothing is written where nothing was cut. Raises LandingError.
    """
    if not (project / FOLDER).is_dir():
        return ()
    with Root(project) as root:
        root.lock()
        return mend(root)


def mend(root: Root) -> tuple[str, ...]:
    """`recover` under a lock that is already held."""
    try:
        ids = [name for name in root.names(FOLDER) if not name.startswith("kept-")]
        return tuple(line for line in (resume(root, id) for id in ids) if line)
    except (OSError, Blocked) as error:
        raise LandingError(
            f"an earlier landing was cut and cannot be mended: {error}",
            "give the folder space and permissions, and start again",
        ) from error


def _prune(root: Root, record: records.Record) -> None:
    """Remove the backups of landings that can no longer be undone."""
    known = {id for id, _ in record.landings}
    try:
        for name in root.names(FOLDER):
            if name not in known and not name.startswith("kept-"):
                forget(root, name)
    except (OSError, Blocked):
        return


def new_id() -> str:
    """A fresh landing's id; ids sort by time."""
    from ulid import ULID

    return str(ULID())


def _make(project: Path) -> list[Path]:
    """Make the project's folder with its parents; the made ones, innermost first."""
    missing = [folder for folder in (project, *project.parents) if not folder.exists()]
    try:
        project.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        for folder in missing:
            _unmake(folder)
        raise LandingError(
            f"{project} cannot be made: {(error.strerror or '').lower()}", "name another folder"
        ) from error
    return missing


def _unmake(folder: Path) -> None:
    """Remove a folder that we made, if it is empty."""
    try:
        folder.rmdir()
    except OSError:
        return
