"""Takes the last landing back."""

from __future__ import annotations

from pathlib import Path

from assistant.errors import Conflict, LandingError
from assistant.landing.apply import Landing, mend, new_id
from assistant.landing.paths import Blocked, Root, refused
from assistant.landing.record import PATH, read_record
from assistant.landing.transaction import Journal, Write, commit, read_journal


def undo(project: Path) -> Landing:
    """Restore the project to what it was before the last landing, all of it or nothing.

    Raises:
        Conflict: the user changed those files since; they are listed.
        LandingError: there is nothing to take back, or the project cannot take it.
    """
    if not project.is_dir():
        raise LandingError(f"{project} is no folder", "name the project's folder")
    with Root(project) as root:
        root.lock()
        mend(root)
        record = read_record(root)
        if not record.landings:
            raise LandingError("nothing was landed here that could be undone", "land something first")
        id, run = record.landings[-1]
        try:
            journal = read_journal(root, id)
            if journal is None:
                raise LandingError(f"the backups of the last landing are gone ({id})", "use version control instead")
            writes = _writes(root, journal)
        except (OSError, Blocked) as error:
            raise refused("the landing cannot be undone", error) from error
        commit(root, new_id(), run, writes, undoes=id, keep=False)
    return Landing(id, run, tuple(write.path for write in writes if write.path != PATH))


def _writes(root: Root, journal: Journal) -> list[Write]:
    """Each step the other way round. Our record is one of them, so it goes back as well."""
    changed: list[str] = []
    writes: list[Write] = []
    for number, step in enumerate(journal.steps):
        try:
            now = root.read(step.path)
            same = root.digest(step.path) == step.after
        except Blocked:
            now, same = None, False
        if not same:
            changed.append(step.path)
            continue
        old = None if step.before is None else root.read(f"{journal.home}/old/{number}")
        if step.before is not None and old is None:
            raise LandingError(f"the backup of {step.path} is gone", "use version control instead")
        writes.append(Write(step.path, now, old))
    if changed:
        listed = ", ".join(changed)
        raise Conflict(
            f"nothing was undone: changed since it was landed: {listed}", "undo these by hand, or put them back"
        )
    return writes
