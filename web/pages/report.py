"""A run's report: stages, findings with their evidence, what was checked and what was not."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request, Response

from web.auth import Viewer
from web.running import run_of, run_page
from web.show.report import report_view

router = APIRouter()


@router.get("/runs/{run}/report")
def page(request: Request, visitor: Viewer, run: str, at: str = "") -> Response:
    """The report on a draft; by default the last one."""
    loaded = run_of(request, run)
    snapshot = loaded.snapshot(at)
    if at and snapshot is None:
        raise HTTPException(404, "The run has no such draft.")
    report = report_view(snapshot.report) if snapshot and snapshot.report else None
    return run_page(
        request,
        "run/report.html",
        visitor,
        loaded.record,
        "report",
        at=at,
        snapshots=loaded.snapshots,
        report=report,
    )
