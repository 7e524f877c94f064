"""A run's evidence bundle: what was asked, found and proved, to read and to download."""

from __future__ import annotations

import json

from fastapi import APIRouter, HTTPException, Request, Response

from web.auth import Viewer
from web.running import run_of, run_page
from web.show.plain import visible

router = APIRouter()

LONGEST = 400_000
"""Characters of the JSON text that the page shows."""


@router.get("/runs/{run}/evidence")
def page(request: Request, visitor: Viewer, run: str) -> Response:
    """The evidence in tables, and as it will land."""
    loaded = run_of(request, run)
    evidence = loaded.evidence
    text = _text(evidence) if evidence else ""
    return run_page(
        request,
        "run/evidence.html",
        visitor,
        loaded.record,
        "evidence",
        evidence=evidence,
        text=visible(text[:LONGEST]),
        size=len(text),
        most=LONGEST,
        visible=lambda value: visible(str(value)),
    )


@router.get("/runs/{run}/evidence.json")
def download(request: Request, visitor: Viewer, run: str) -> Response:
    """The same as a file."""
    loaded = run_of(request, run)
    if loaded.evidence is None:
        raise HTTPException(404, "The run has not ended: there is no evidence yet.")
    name = f"evidence-{loaded.record.id}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(_text(loaded.evidence), media_type="application/json", headers=headers)


def _text(evidence: object) -> str:
    """The evidence as it lands in a project."""
    return json.dumps(evidence, ensure_ascii=False, indent=2) + "\n"
