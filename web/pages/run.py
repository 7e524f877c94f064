"""A run as it happens and as it was: its steps, its prompts and answers, cancel and resume."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import HTTPException
from fastapi.responses import RedirectResponse, StreamingResponse

from assistant.errors import UsageError
from assistant.journal_records import RunRecord
from web.auth import Author, Viewer
from web.running import file_address, hub_of, record_of, run_page, status_of, timelines_of
from web.show.highlight import coloured
from web.show.plain import counted, one_line, visible
from web.show.timeline import LONGEST_STREAM, Step
from web.site import site_of

router = APIRouter()

LONGEST = 400_000
"""Characters of a prompt or an answer that a page shows."""

STREAM = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
"""A proxy must not gather what is sent as it happens."""


@router.get("/runs/{run}")
def page(request: Request, visitor: Viewer, run: str) -> Response:
    """The run's steps as they are now; the script goes on from the last event shown."""
    record = record_of(request, run)
    site = site_of(request)
    timeline = timelines_of(request).load(record.id)
    streaming = timeline.streaming
    return run_page(
        request,
        "run/live.html",
        visitor,
        record,
        "",
        steps=timeline.steps,
        seq=timeline.seq,
        standing=status_of(record, site),
        streaming={streaming[1].seq: timeline.text[-LONGEST_STREAM:]} if streaming else {},
    )


@router.get("/runs/{run}/events")
async def events(request: Request, visitor: Viewer, run: str, after: int = 0) -> Response:
    """Server-sent events: steps as HTML, the streaming answer as text. Ends when the run ends."""
    record = await run_in_threadpool(record_of, request, run)
    site = site_of(request)
    render = site.pages.environment.get_template("run/parts/step.html").render
    status = site.pages.environment.get_template("run/parts/status.html").render
    known = request.headers.get("Last-Event-ID", "")
    sent = int(known) if known.isascii() and known.isdecimal() and len(known) < 12 else after
    values = {"file_url": file_address(record.id, ""), "counted": counted, "run_id": record.id, "streaming": {}}

    def step_html(step: Step) -> str:
        return render(step=step, **values)

    def status_html(now: RunRecord) -> str:
        return status(standing=status_of(now, site))

    async def told() -> AsyncIterator[str]:
        async for message in hub_of(request).watch(site.journal, record.id, max(0, sent), step_html, status_html):
            yield message

    return StreamingResponse(told(), media_type="text/event-stream", headers=STREAM)


@router.get("/runs/{run}/prompts/{seq}")
def prompt(request: Request, visitor: Viewer, run: str, seq: int) -> Response:
    """What was sent to the model, message by message."""
    data = _event(request, run, seq, "asked")
    messages = [
        (one_line(each["role"], 20), visible(each["content"])[:LONGEST], len(each["content"]))
        for each in data["prompt"]["messages"]
    ]
    return site_of(request).pages.page(
        request, "run/parts/prompt.html", visitor=visitor, messages=messages, seq=seq, most=LONGEST
    )


@router.get("/runs/{run}/answers/{seq}")
def answer(request: Request, visitor: Viewer, run: str, seq: int) -> Response:
    """What the model answered."""
    text = str(_event(request, run, seq, "answered")["completion"]["text"])
    lines = coloured(text[:LONGEST], "markdown" if len(text) < 200_000 else "")
    return site_of(request).pages.page(
        request, "run/parts/answer.html", visitor=visitor, lines=lines, size=len(text), seq=seq, most=LONGEST
    )


@router.post("/runs/{run}/cancel")
def cancel(request: Request, visitor: Author, run: str) -> Response:
    """Ask for the run's end."""
    record = record_of(request, run)
    site_of(request).queue.cancel(record.id)
    return RedirectResponse(f"/runs/{record.id}", 303)


@router.post("/runs/{run}/resume")
def resume(request: Request, visitor: Author, run: str) -> Response:
    """Let a run that stopped go on; one that has its verdict, or is at work, is left as it is."""
    record = record_of(request, run)
    try:
        site_of(request).queue.resume(record.id)
    except UsageError as error:
        raise HTTPException(409, error.message) from None
    return RedirectResponse(f"/runs/{record.id}", 303)


def _event(request: Request, run: str, seq: int, kind: str) -> dict[str, Any]:
    """The data of one event of the run; raises HTTPException (404)."""
    record = record_of(request, run)
    found = site_of(request).journal.events_after(record.id, max(0, seq) - 1, 1)
    if not found or found[0].seq != seq or found[0].kind != kind:
        raise HTTPException(404, "There is no such part of the run.")
    return dict(found[0].data)
