"""Runs: list, queue, watch, stop, and what came of them."""

from __future__ import annotations

import datetime
import hashlib
import json
import re
from typing import Annotated, Any

from fastapi import APIRouter, Header, HTTPException, Query, Request, Response
from pydantic import BeforeValidator

from assistant.errors import UsageError
from assistant.journal_listing import Filter
from assistant.journal_records import RunRecord, RunState
from assistant.session import Wish, ended
from assistant.settings import load
from evaluators.formats.json import as_value
from web.accounts import Role
from web.accounts.idempotency import Reused
from web.api.caller import Author, Caller, Viewer
from web.api.models import (
    PLAIN,
    Event,
    Events,
    Files,
    Kind,
    NewRun,
    RecipeId,
    Report,
    Run,
    RunId,
    Runs,
    Written,
)
from web.api.paging import DEFAULT, Cursor, Limit, cursor_of, number_of, place_of
from web.api.problems import errors
from web.api.slots import as_options
from web.auth import accounts_of
from web.show.take import zipped
from web.site import site_of

router = APIRouter(prefix="/runs", tags=["runs"])


def _written_out(value: object) -> object:
    """A day as the contract spells it: pydantic would take seconds since 1970 too."""
    if isinstance(value, str) and not DAY.fullmatch(value):
        raise ValueError("a day is needed, such as 2026-01-31")
    return value


DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
Day = Annotated[
    datetime.date | None,
    BeforeValidator(_written_out),
    Query(description="A day in UTC.", examples=["2026-01-31"]),
]

BUDGET = {"answers": "max_rounds", "tokens": "max_total_tokens", "usd": "max_usd", "seconds": "max_seconds"}
"""The API's name of a bound -> the setting's."""


@router.get("", operation_id="listRuns", summary="List runs")
def list_runs(
    request: Request,
    caller: Viewer,
    q: Annotated[
        str | None, Query(min_length=1, max_length=200, pattern=PLAIN, description="Text in the sentence.")
    ] = None,
    state: Annotated[RunState | None, Query(description="Where they stand.")] = None,
    kind: Annotated[Kind | None, Query(description="Only writes, or only checks.")] = None,
    recipe: Annotated[RecipeId | None, Query(description="The recipe's id.")] = None,
    owner: Annotated[
        str | None, Query(min_length=1, max_length=64, pattern=PLAIN, description="Who began them.")
    ] = None,
    since: Day = None,
    until: Day = None,
    cursor: Cursor = None,
    limit: Limit = DEFAULT,
) -> Runs:
    """The runs of everybody, the latest first; `since` counts, `until` no longer does."""
    wanted = Filter(
        text=q or "",
        state=state,
        kind=kind or "",
        recipe=recipe or "",
        owner=owner,
        since=since.isoformat() if since else "",
        until=until.isoformat() if until else "",
    )
    found = site_of(request).journal.listing(wanted, place_of("runs", cursor), limit + 1)
    more = cursor_of("runs", found[limit - 1].id) if len(found) > limit else None
    return Runs(items=[Run.of(record) for record in found[:limit]], next=more)


@router.post("", operation_id="createRun", summary="Queue a run", status_code=202, responses=errors(403))
def create_run(
    request: Request,
    response: Response,
    caller: Author,
    body: NewRun,
    idempotency_key: Annotated[
        str | None,
        Header(
            min_length=1,
            max_length=200,
            pattern=r"^[\x21-\x7e]+$",
            description="A name of yours for this request: sent again with it within a day, it queues nothing new "
            "and answers the same run. 422 with another body.",
        ),
    ] = None,
) -> Run:
    """Queue a run; a worker asks the model, and the gate proves what it wrote. Follow it at `Location`."""
    wish = _wish(body)
    run = _once(request, caller, idempotency_key, wish)
    response.headers["Location"] = f"/api/v1/runs/{run}"
    return Run.of(site_of(request).journal.get(run))


@router.get("/{run}", operation_id="getRun", summary="Get a run", responses=errors(404))
def get_run(request: Request, caller: Viewer, run: RunId) -> Run:
    """Where a run stands."""
    return Run.of(record_of(request, run))


@router.post(
    "/{run}/cancel",
    operation_id="cancelRun",
    summary="Cancel a run",
    status_code=202,
    responses=errors(403, 404, 409),
)
def cancel_run(request: Request, response: Response, caller: Author, run: RunId) -> Run:
    """Ask for the end of one's own run (an administrator: of any). It ends within a second; see `Location`."""
    record = record_of(request, run)
    if record.owner != caller.person.name and not caller.role.may(Role.ADMIN):
        raise HTTPException(403, "This run is somebody else's.")
    if not site_of(request).queue.cancel(record.id):
        raise HTTPException(409, f"The run has ended: {record.state.value}.")
    response.headers["Location"] = f"/api/v1/runs/{record.id}"
    return Run.of(record_of(request, run))


@router.get("/{run}/events", operation_id="listEvents", summary="List a run's events", responses=errors(404))
def list_events(request: Request, caller: Viewer, run: RunId, cursor: Cursor = None, limit: Limit = DEFAULT) -> Events:
    """What happened, in its order. `next` is null where there is no more now; `later` asks for what comes."""
    record, after = record_of(request, run), number_of("events", cursor)
    found = site_of(request).journal.events_after(record.id, after, limit + 1)
    items = [Event.model_validate(each.as_json()) for each in found[:limit]]
    here = cursor_of("events", items[-1].seq if items else after)
    return Events(items=items, next=here if len(found) > limit else None, later=here, over=record.state.over)


@router.get(
    "/{run}/report",
    operation_id="getReport",
    summary="Get a run's report",
    responses=errors(404, 409),
    response_model_exclude_unset=True,
)
def get_report(request: Request, caller: Viewer, run: RunId) -> Report:
    """The gate's latest report; 409 until there is one."""
    reports = site_of(request).journal.reports(record_of(request, run).id)
    if not reports:
        raise HTTPException(409, "Nothing of this run has been judged yet.")
    return Report.model_validate(as_value(reports[-1].report))


@router.get("/{run}/files", operation_id="listFiles", summary="List a run's files", responses=errors(404, 409))
def list_files(request: Request, caller: Viewer, run: RunId) -> Files:
    """The files that a run ended with; 409 until it has."""
    items = []
    for path, text in _files(request, run).items():
        data = text.encode("utf-8", "replace")
        items.append(Written(path=path, size=len(data), sha256=hashlib.sha256(data).hexdigest(), text=text))
    return Files(items=items)


@router.get(
    "/{run}/zip",
    operation_id="getZip",
    summary="Download a run's files",
    response_class=Response,
    responses={
        200: {
            "description": "A zip with the files in one folder.",
            "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
        },
        **errors(404, 409),
    },
)
def get_zip(request: Request, caller: Viewer, run: RunId) -> Response:
    """The files that a run ended with, as a zip; 409 until it has."""
    content = zipped(_files(request, run), f"run-{run[-10:].lower()}")
    name = f'attachment; filename="run-{run[-10:].lower()}.zip"'
    return Response(content, media_type="application/zip", headers={"Content-Disposition": name})


def record_of(request: Request, run: str) -> RunRecord:
    """The run of an id. Raises HTTPException (404)."""
    try:
        return site_of(request).journal.get(run)
    except UsageError:
        raise HTTPException(404, "There is no such run.") from None


def _files(request: Request, run: str) -> dict[str, str]:
    """The files of a run that has ended, by path. Raises HTTPException (404, 409)."""
    record = record_of(request, run)
    try:
        _, draft, _ = ended(site_of(request).journal, record.id)
    except UsageError:
        raise HTTPException(409, f"The run has no result: {record.state.value}.") from None
    return {artifact.path: artifact.text for artifact in sorted(draft, key=lambda each: each.path)}


def _wish(body: NewRun) -> Wish:
    """What is asked of the run. Raises UsageError where it would have nobody to ask."""
    bounds = body.budget.model_dump(exclude_none=True)
    chosen: dict[str, Any] = {BUDGET[name]: value for name, value in bounds.items()}
    if body.model:
        chosen["model"] = body.model
    if not load(chosen).model:
        raise UsageError("no model is set", "name one, or `recorded`, which plays recorded answers")
    return Wish(body.sentence, as_options(body.slots), body.recipe or "", settings=chosen)


def _once(request: Request, caller: Caller, key: str | None, wish: Wish) -> str:
    """Queue a run, once for each key; its id. Raises HTTPException (422)."""
    queue, keys = site_of(request).queue, accounts_of(request).keys
    if key is None:
        return queue.enqueue(wish, owner=caller.person.name)
    asked = json.dumps({"sentence": wish.sentence, **wish.as_options()}, sort_keys=True, default=str)
    try:
        run = keys.claim(caller.person, key, asked)
    except Reused:
        raise HTTPException(422, "This idempotency key was sent with another request.") from None
    try:
        return queue.enqueue(wish, owner=caller.person.name, id=run)
    except UsageError:
        keys.give_back(caller.person, key)
        raise
