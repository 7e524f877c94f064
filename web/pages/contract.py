"""A run's contract, to browse."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request, Response

from web.auth import Viewer
from web.drawings import contract_of_files
from web.running import run_of, run_page
from web.show.plain import slug

router = APIRouter()


@router.get("/runs/{run}/contract")
def page(request: Request, visitor: Viewer, run: str, at: str = "", tag: str = "") -> Response:
    """Operations by tag, with parameters, bodies, answers and examples."""
    loaded = run_of(request, run)
    snapshot = loaded.snapshot(at)
    if at and snapshot is None:
        raise HTTPException(404, "The run has no such draft.")
    contract = contract_of_files(snapshot.files, tag[:80]) if snapshot else None
    return run_page(
        request,
        "run/contract.html",
        visitor,
        loaded.record,
        "contract",
        at=at,
        snapshots=loaded.snapshots,
        contract=contract,
        slug=slug,
    )
