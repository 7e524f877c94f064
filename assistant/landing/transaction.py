"""All or nothing: files are staged and backed up, journalled, moved into place, and marked done.

    .backwright/landing/ID/journal.json   the steps; until it is there nothing of the project was touched
    .backwright/landing/ID/new/N          the new text of step N, until it is moved into place
    .backwright/landing/ID/old/N          the old text of step N
    .backwright/landing/ID/done           every step was taken

A process that is killed between `journal.json` and `done` leaves enough to go
on or to go back; `resume` does, and never touches a file that is neither the
old nor the new text.
"""

from __future__ import annotations

import contextlib
import json
from dataclasses import asdict, dataclass, replace
from typing import Any

from assistant.errors import Conflict, LandingError
from assistant.landing.paths import OURS, Blocked, Root, digest, refused

FOLDER = f"{OURS}/landing"


@dataclass(frozen=True)
class Write:
    """One file to be: `after` is its text in bytes (None: it is removed), `before` what is there now."""

    path: str
    before: bytes | None
    after: bytes | None


@dataclass(frozen=True)
class Step:
    """One file in the journal: SHA-256 before and after, None where there is no file."""

    path: str
    before: str | None
    after: str | None
    mode: int


@dataclass(frozen=True)
class Journal:
    """One landing. `undoes` is the id of the landing that this one takes back, or empty."""

    id: str
    run: str
    steps: tuple[Step, ...]
    folders: tuple[str, ...]
    """Folders that were not there before, outermost first."""
    undoes: str = ""
    keep: bool = True
    """Whether the old texts stay for `undo`."""

    @property
    def home(self) -> str:
        """The journal's folder."""
        return f"{FOLDER}/{self.id}"

    def dump(self) -> bytes:
        """As JSON."""
        return (json.dumps({"version": 1, **asdict(self)}, ensure_ascii=False, indent=2) + "\n").encode()


def read_journal(root: Root, id: str) -> Journal | None:
    """The journal of a landing; None when it was never finished, so that nothing was touched.

    Raises:
        LandingError: it is there and cannot be understood.
    """
    data = root.read(f"{FOLDER}/{id}/journal.json")
    if data is None:
        return None
    try:
        value: dict[str, Any] = json.loads(data)
        steps = tuple(Step(**each) for each in value["steps"])
        return Journal(id, str(value["run"]), steps, tuple(value["folders"]), str(value["undoes"]), bool(value["keep"]))
    except (ValueError, KeyError, TypeError) as error:
        raise LandingError(f"{FOLDER}/{id}/journal.json cannot be read", "restore it from a backup") from error


def commit(root: Root, id: str, run: str, writes: list[Write], *, undoes: str = "", keep: bool = True) -> Journal:
    """Take all writes or none. `keep` the old texts, so that the landing can be undone.

    Raises:
        Conflict: a file is no longer what `before` says.
        LandingError: the file system refused; everything is as it was.
    """
    try:
        journal = _stage(root, Journal(id, run, (), (), undoes, keep), writes)
    except BaseException as error:
        forget(root, id)
        if isinstance(error, OSError | Blocked):
            raise refused("the change could not be prepared", error) from error
        raise
    try:
        for number, step in enumerate(journal.steps):
            _take(root, journal, number, step)
        root.write(f"{journal.home}/done", b"")
    except BaseException as error:
        _back_or_say(root, journal)
        forget(root, id)
        if isinstance(error, OSError | Blocked):
            raise refused("the change could not be landed", error) from error
        raise
    _clear_staged(root, journal)
    return journal


def _stage(root: Root, journal: Journal, writes: list[Write]) -> Journal:
    """Write every new and old text beside the project's files, then the journal, now with its steps."""
    home = journal.home
    for name in ("new", "old"):
        with root.folder(f"{home}/{name}", make=True):
            pass
    steps: list[Step] = []
    folders: dict[str, None] = {}
    for number, write in enumerate(writes):
        mode = root.mode(write.path)
        for data, name in ((write.after, "new"), (write.before, "old")):
            if data is not None:
                root.write(f"{home}/{name}/{number}", data, mode if mode is not None else 0o644)
        before, after = (None if data is None else digest(data) for data in (write.before, write.after))
        steps.append(Step(write.path, before, after, mode if mode is not None else 0o644))
        folders.update(dict.fromkeys(root.missing(write.path)))
    journal = replace(journal, steps=tuple(steps), folders=tuple(folders))
    root.write(f"{home}/journal.tmp", journal.dump())
    root.move(f"{home}/journal.tmp", f"{home}/journal.json")
    return journal


def _take(root: Root, journal: Journal, number: int, step: Step) -> None:
    """Take one step, if the file is still what it was when it was looked at."""
    if _now(root, step.path) != step.before:
        raise Conflict(f"{step.path} was changed while the change was landing", "look at it and land again")
    if step.after is None:
        root.remove(step.path)
        return
    with root.folder(step.path.rpartition("/")[0], make=True):
        pass
    try:
        root.move(f"{journal.home}/new/{number}", step.path, new=step.before is None)
    except FileExistsError as error:
        raise Conflict(f"{step.path} came to be while the change was landing", "look at it and land again") from error


def _now(root: Root, path: str) -> str | None:
    """A file's SHA-256, None where there is none, `blocked` where it cannot be reached."""
    try:
        return root.digest(path)
    except Blocked:
        return "blocked"


def _back_or_say(root: Root, journal: Journal) -> None:
    """Take the steps back; where even that is refused, the next start does it."""
    try:
        back(root, journal)
    except (OSError, Blocked) as error:
        raise LandingError(
            f"the change is half landed, and {journal.home} holds what is needed to mend it",
            "give the folder space and permissions; the next command in this project goes back",
        ) from error


def back(root: Root, journal: Journal) -> list[str]:
    """Put the old texts back where the new ones are; the paths that are neither, and so stay."""
    foreign: list[str] = []
    root.remove(f"{journal.home}/done")
    for number, step in reversed(list(enumerate(journal.steps))):
        now = _now(root, step.path)
        if now == step.before:
            continue
        if now != step.after:
            foreign.append(step.path)
        elif step.before is None:
            root.remove(step.path)
        else:
            with root.folder(step.path.rpartition("/")[0], make=True):
                pass
            root.move(f"{journal.home}/old/{number}", step.path, new=step.after is None)
    for folder in reversed(journal.folders):
        root.remove_empty(folder)
    return foreign


def _forward(root: Root, journal: Journal) -> bool:
    """Take the steps that are left, if every one can be taken."""
    staged = set(root.names(f"{journal.home}/new"))
    left: list[tuple[int, Step]] = []
    for number, step in enumerate(journal.steps):
        now = _now(root, step.path)
        if now == step.after:
            continue
        if now != step.before or (step.after is not None and str(number) not in staged):
            return False
        left.append((number, step))
    for number, step in left:
        _take(root, journal, number, step)
    root.write(f"{journal.home}/done", b"")
    return True


def resume(root: Root, id: str) -> str:
    """Finish a landing that was cut: forward if that can be, else back. What was done, in one line, or empty."""
    journal = read_journal(root, id)
    if journal is None:
        forget(root, id)
        return ""
    if "done" in root.names(journal.home):
        _clear_staged(root, journal)
        return ""
    with contextlib.suppress(Conflict, OSError, Blocked):
        if _forward(root, journal):
            _clear_staged(root, journal)
            return f"finished the landing of {journal.run or id} that was cut"
    foreign = back(root, journal)
    if foreign:
        # Both texts stay in the journal's folder; only its name says that it is over.
        root.move(journal.home, f"{FOLDER}/kept-{id}")
        listed = ", ".join(sorted(foreign))
        return (
            f"took back a landing that was cut; changed since and left alone: {listed} (old texts: {FOLDER}/kept-{id})"
        )
    forget(root, id)
    return f"took back the landing of {journal.run or id} that was cut"


def _clear_staged(root: Root, journal: Journal) -> None:
    """Remove what a finished landing needs no more."""
    with contextlib.suppress(OSError, Blocked):
        if journal.keep:
            root.remove_tree(f"{journal.home}/new")
            return
        undone = read_journal(root, journal.undoes) if journal.undoes else None
        if undone is not None:
            for folder in reversed(undone.folders):
                root.remove_empty(folder)
            forget(root, undone.id)
        forget(root, journal.id)


def forget(root: Root, id: str) -> None:
    """Remove a landing's folder, and ours when nothing else is in them.

    The journal goes first: without `done` beside it, it would be taken for a landing that was cut.
    """
    with contextlib.suppress(OSError, Blocked):
        root.remove(f"{FOLDER}/{id}/journal.json")
        root.remove_tree(f"{FOLDER}/{id}")
    root.remove_empty(FOLDER)
    root.remove_empty(OURS)
