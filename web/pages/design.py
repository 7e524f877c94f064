"""A run's design: its architecture in words, its schema as a diagram and as tables."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request, Response

from evaluators.draft import Role, role_of
from web.auth import Viewer
from web.drawings import diagram_of
from web.running import file_address, run_of, run_page
from web.show.text import markdown

router = APIRouter()


@router.get("/runs/{run}/design")
def page(request: Request, visitor: Viewer, run: str, at: str = "") -> Response:
    """The architecture and the diagram of a draft."""
    loaded = run_of(request, run)
    snapshot = loaded.snapshot(at)
    if at and snapshot is None:
        raise HTTPException(404, "The run has no such draft.")
    files = snapshot.files if snapshot else {}
    drawn = diagram_of(loaded.record, files, file_address(loaded.record.id, at))
    words = sorted(path for path in files if role_of(path) is Role.ARCHITECTURE)
    return run_page(
        request,
        "run/design.html",
        visitor,
        loaded.record,
        "design",
        at=at,
        snapshots=loaded.snapshots,
        diagram=drawn.diagram,
        dialect=drawn.dialect,
        documents=[(path, markdown(files[path])) for path in words],
    )
