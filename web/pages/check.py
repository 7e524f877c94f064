"""Check without a model: uploaded or pasted files go through the same gate, on the same pages."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse

from assistant.check_session import Check
from assistant.errors import UsageError
from evaluators.stacks.stack import names
from web.auth import Author, Viewer, Visitor
from web.site import site_of
from web.uploads import pasted, unpacked

router = APIRouter()

DIALECTS = ("postgres", "mysql", "sqlite", "tsql")
ROWS = 3
"""Rows for pasted files that the form begins with."""
MAX_ROWS = 40


@router.get("/check")
def page(request: Request, visitor: Viewer, rows: int = ROWS) -> Response:
    """The form."""
    return _page(request, visitor, rows=rows)


@router.post("/check")
async def start(request: Request, visitor: Author) -> Response:
    """Queue a check of the files and go to its page; a problem shows the form again."""
    async with request.form(max_files=1, max_fields=2 * MAX_ROWS + 20, max_part_size=1_100_000) as form:
        paths = [str(each) for each in form.getlist("path")]
        texts = [str(each) for each in form.getlist("text")]
        upload = form.get("archive")
        chosen = {name: str(form.get(name, "")) for name in ("dialect", "stack", "depth", "title")}
        data, name = b"", ""
        # Starlette's own class; FastAPI's is made from it.
        if upload is not None and not isinstance(upload, str):
            data, name = await upload.read(), upload.filename or ""
    files = list(zip(paths, texts, strict=False))
    if form.get("more"):
        return _page(request, visitor, rows=len(paths) + ROWS, files=files, chosen=chosen)
    try:
        check = await run_in_threadpool(_check, data, name, paths, texts, chosen)
        run = await run_in_threadpool(site_of(request).queue.enqueue, check, owner=visitor.name)
    except UsageError as error:
        return _page(request, visitor, rows=len(paths), files=files, chosen=chosen, problem=error)
    return RedirectResponse(f"/runs/{run}", 303)


def _check(data: bytes, name: str, paths: list[str], texts: list[str], chosen: dict[str, str]) -> Check:
    """The check of what was sent. Raises UsageError."""
    files = unpacked(data) if data else {}
    files |= pasted(paths, texts)
    if not files:
        raise UsageError("There is nothing to check.", "Choose a zip, or paste a file with its path.")
    if chosen["dialect"] and chosen["dialect"] not in DIALECTS:
        raise UsageError(f"{chosen['dialect'][:40]!r} is no dialect.", f"One of {', '.join(DIALECTS)}.")
    if chosen["stack"] and chosen["stack"] not in names():
        raise UsageError(f"{chosen['stack'][:40]!r} is no stack.", f"One of {', '.join(names())}.")
    options: dict[str, Any] = {"deep": chosen["depth"] == "deep", "static": chosen["depth"] == "static"}
    title = chosen["title"].strip()[:200] or name[:200] or ", ".join(list(files)[:3])
    return Check(files=files, title=title, dialect=chosen["dialect"], stack=chosen["stack"], **options)


def _page(
    request: Request,
    visitor: Visitor,
    *,
    rows: int,
    files: list[tuple[str, str]] | None = None,
    chosen: dict[str, str] | None = None,
    problem: UsageError | None = None,
) -> Response:
    """The form, with what was typed."""
    kept = files or []
    empty = [("", "")] * (max(ROWS, min(rows, MAX_ROWS)) - len(kept))
    return site_of(request).pages.page(
        request,
        "check.html",
        visitor=visitor,
        status=400 if problem else 200,
        files=[*kept, *empty],
        chosen=chosen or {},
        problem=problem,
        dialects=DIALECTS,
        stacks=names(),
    )
