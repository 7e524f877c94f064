"""Take a run's files away: a zip, a patch, or the command that lands them safely."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request, Response

from assistant.events import Outcome
from assistant.session import may_land
from evaluators.draft import UnsafePath
from web.auth import Viewer
from web.running import run_of, run_page
from web.show.plain import one_line
from web.show.take import patch, zipped
from web.snapshots import Run, Snapshot

router = APIRouter()


@router.get("/runs/{run}/take")
def page(request: Request, visitor: Viewer, run: str) -> Response:
    """The ways, and whether the draft is proved."""
    loaded = run_of(request, run)
    last = loaded.last
    return run_page(
        request,
        "run/take.html",
        visitor,
        loaded.record,
        "take",
        snapshot=last,
        number=len(last.files) if last else 0,
        size=sum(len(text.encode("utf-8", "replace")) for text in last.files.values()) if last else 0,
        ended=loaded.evidence is not None,
        unproved=_unproved(loaded),
    )


@router.get("/runs/{run}/files.zip")
def as_zip(request: Request, visitor: Viewer, run: str, at: str = "") -> Response:
    """Every file of a draft, under one folder."""
    loaded, snapshot = _draft(request, run, at)
    folder = f"backwright-{loaded.record.id[:10].lower()}"
    try:
        data = zipped(snapshot.files, folder)
    except UnsafePath as error:
        raise HTTPException(409, f"The draft cannot be packed: {one_line(str(error))}.") from None
    return Response(data, media_type="application/zip", headers=_named(f"{folder}.zip"))


@router.get("/runs/{run}/files.patch")
def as_patch(request: Request, visitor: Viewer, run: str, at: str = "") -> Response:
    """The same as a patch that `git apply` takes."""
    loaded, snapshot = _draft(request, run, at)
    try:
        text = patch(snapshot.files)
    except UnsafePath as error:
        raise HTTPException(409, f"The draft cannot be written as a patch: {one_line(str(error))}.") from None
    name = f"backwright-{loaded.record.id[:10].lower()}.patch"
    data = text.encode("utf-8", "replace")
    return Response(data, media_type="text/x-patch; charset=utf-8", headers=_named(name))


def _draft(request: Request, run: str, at: str) -> tuple[Run, Snapshot]:
    """The run and the draft that is asked for. Raises HTTPException (404)."""
    loaded = run_of(request, run)
    snapshot = loaded.snapshot(at)
    if snapshot is None or not snapshot.files:
        raise HTTPException(404, "The run has no such draft.")
    return loaded, snapshot


def _unproved(run: Run) -> str:
    """Why the draft would not land, in words; empty where it would."""
    last, evidence = run.last, run.evidence
    if last is None or last.report is None:
        return "it was not judged"
    if evidence is None:
        return "the run has not ended"
    accepted = frozenset(run.record.options.get("accepted") or ())
    outcome = str(evidence.get("verdict", ""))
    return may_land(Outcome(outcome), last.report, accepted) if outcome in tuple(Outcome) else "it has no verdict"


def _named(name: str) -> dict[str, str]:
    """Headers of a download."""
    return {"Content-Disposition": f'attachment; filename="{name}"'}
