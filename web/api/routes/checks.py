"""Checks: given files are judged, without a model."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from assistant.check_session import Check
from assistant.errors import UsageError
from evaluators.stacks.stack import names
from web.api.caller import Author
from web.api.models import NewCheck, Run
from web.api.problems import errors
from web.site import site_of
from web.uploads import pasted

router = APIRouter(prefix="/checks", tags=["checks"])


@router.post("", operation_id="createCheck", summary="Queue a check", status_code=202, responses=errors(403))
def create_check(request: Request, response: Response, caller: Author, body: NewCheck) -> Run:
    """Queue a check of files; from then on it is a run as any other. Follow it at `Location`."""
    if body.stack and body.stack not in names():
        raise UsageError(f"there is no stack {body.stack!r}", f"one of {', '.join(names())}")
    files = pasted([file.path for file in body.files], [file.text for file in body.files])
    check = Check(files, body.title or "", body.dialect or "", body.stack or "", body.deep, body.static)
    site = site_of(request)
    run = site.queue.enqueue(check, owner=caller.person.name)
    response.headers["Location"] = f"/api/v1/runs/{run}"
    return Run.of(site.journal.get(run))
