"""What a round changed: two drafts of a run, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response

from web.auth import Viewer
from web.running import run_of, run_page
from web.show.diff import FileDiff, diff, diff_files
from web.snapshots import Run, Snapshot

router = APIRouter()

AT_ONCE = 2_500
"""Rows of all files together that a page shows; the other files are a click away."""

EMPTY = "0"
"""The name of the draft before the first: nothing."""


@router.get("/runs/{run}/changes")
def page(
    request: Request, visitor: Viewer, run: str, old: str = "", new: str = "", path: str = "", whole: bool = False
) -> Response:
    """The differences between two drafts; by default those of the last round."""
    loaded = run_of(request, run)
    rounds = loaded.rounds
    values: dict[str, Any] = {
        "rounds": rounds,
        "files": (),
        "old": old,
        "new": new,
        "path": path,
        "whole": whole,
        "later": (),
    }
    if not rounds:
        return run_page(request, "run/changes.html", visitor, loaded.record, "changes", **values)
    after = _chosen(loaded, new or rounds[-1].name)
    place = rounds.index(after)
    before = _chosen(loaded, old) if old and old != EMPTY else rounds[place - 1] if place and not old else None
    shown, later = within(before.files if before else {}, after.files, path, whole=whole)
    values |= {
        "files": shown,
        "later": later,
        "old": before.name if before else EMPTY,
        "new": after.name,
        "added": sum(each.added for each in (*shown, *later)),
        "removed": sum(each.removed for each in (*shown, *later)),
    }
    return run_page(request, "run/changes.html", visitor, loaded.record, "changes", at=after.name, **values)


def within(
    old: Mapping[str, str], new: Mapping[str, str], path: str, *, whole: bool = False
) -> tuple[list[FileDiff], list[FileDiff]]:
    """The files that are shown, and those that are only named since the page would grow too long."""
    if path:
        if path not in old and path not in new:
            raise HTTPException(404, "Neither draft has such a file.")
        return [diff(path, old.get(path), new.get(path), whole=whole)], []
    shown: list[FileDiff] = []
    later: list[FileDiff] = []
    rows = 0
    for each in diff_files(old, new, whole=whole):
        rows += len(each.rows)
        (shown if rows <= AT_ONCE or not shown else later).append(each)
    return shown, later


def _chosen(run: Run, name: str) -> Snapshot:
    """The round of that name. Raises HTTPException (404)."""
    found = next((each for each in run.rounds if each.name == name), None)
    if found is None:
        raise HTTPException(404, "The run has no such draft.")
    return found
