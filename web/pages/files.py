"""A run's files with colours, and what was found beside the lines it is about."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response

from web.auth import Viewer
from web.running import run_of, run_page
from web.show.highlight import WINDOW, code_view, counts
from web.show.plain import visible
from web.show.report import finding_views, of_lines
from web.snapshots import Snapshot

router = APIRouter()


@router.get("/runs/{run}/files")
def page(request: Request, visitor: Viewer, run: str, path: str = "", at: str = "", line: int = 1) -> Response:
    """The files of a draft, one of them open."""
    loaded = run_of(request, run)
    snapshot = loaded.snapshot(at)
    if at and snapshot is None:
        raise HTTPException(404, "The run has no such draft.")
    values: dict[str, Any] = {"snapshots": loaded.snapshots, "at": at, "shown": None, "entries": (), "window": WINDOW}
    if snapshot is None or not snapshot.files:
        return run_page(request, "run/files.html", visitor, loaded.record, "files", **values)
    findings = finding_views(snapshot.report.findings) if snapshot.report else ()
    path = path or _first(snapshot, [finding.path for finding in findings if finding.severity == "error"])
    if path not in snapshot.files:
        raise HTTPException(404, "The draft has no such file.")
    told = counts(snapshot.files, findings)
    values |= {
        "shown": code_view(path, snapshot.files[path], of_lines(findings, visible(path)), first=line),
        "entries": [(each, *told[each]) for each in sorted(snapshot.files)],
        "snapshot": snapshot,
    }
    return run_page(request, "run/files.html", visitor, loaded.record, "files", **values)


def _first(snapshot: Snapshot, wrong: list[str]) -> str:
    """The file to open where none is named: the first with an error, else what a reader begins with."""
    for path in (*wrong, "README.md", "architecture.md", "schema.sql", "app/main.py", "openapi.yaml"):
        if path in snapshot.files:
            return path
    return sorted(snapshot.files)[0]
