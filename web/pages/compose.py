"""Compose: a sentence with slots, the prompt as it will be sent, and the run that it starts."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse

from assistant.brief import SLOTS
from assistant.errors import BackwrightError, UsageError
from assistant.session import Wish
from assistant.settings import Settings, load
from web.auth import Author, Viewer, Visitor
from web.composing import Composed, compose, said_again
from web.site import site_of

router = APIRouter()

EXAMPLES = (
    "Write a FastAPI route to transfer funds between two user accounts. "
    "Use Pydantic for validation and Supabase (PostgreSQL) for storage. Require JWT auth.",
    "Write FastAPI code to create a service for booking meeting rooms with members, rooms and opening hours, "
    "with JWT and PostgreSQL using SQLAlchemy",
    "Write FastAPI code to create an endpoint for uploading an avatar, with JWT and PostgreSQL",
)
RECORDED = "recorded"
"""The model that plays recorded answers: no key, no network."""


@router.get("/")
def page(request: Request, visitor: Viewer, sentence: str = "", recipe: str = "") -> Response:
    """The form, filled from a link's query where it has one."""
    return _page(request, visitor, compose(sentence[:20_000], recipe), recipe=recipe)


@router.post("/compose")
async def changed(request: Request, visitor: Viewer) -> Response:
    """What the form comes to after a change: the parts of the page that follow from it."""
    form = await request.form(max_files=0)
    recipe, sentence = str(form.get("recipe", "")), str(form.get("sentence", ""))
    if form.get("changed") != "slots":
        return _parts(request, visitor, await run_in_threadpool(compose, sentence, recipe), "slots")
    slots: dict[str, Any] = {name: str(form.get(name, "")) for name in SLOTS if name != "tools"}
    slots["tools"] = [str(each) for each in form.getlist("tools")]
    try:
        composed = await run_in_threadpool(compose, said_again(slots), recipe)
    except BackwrightError as error:
        composed = Composed(sentence, (), problem=error)
    return _parts(request, visitor, composed, "sentence")


@router.post("/runs")
def start(
    request: Request,
    visitor: Author,
    sentence: Annotated[str, Form(max_length=20_000)] = "",
    recipe: Annotated[str, Form(max_length=60)] = "",
    model: Annotated[str, Form(max_length=200)] = "",
    rounds: Annotated[str, Form(max_length=10)] = "",
    tokens: Annotated[str, Form(max_length=12)] = "",
    usd: Annotated[str, Form(max_length=12)] = "",
    seconds: Annotated[str, Form(max_length=12)] = "",
) -> Response:
    """Queue a run and go to its page; a problem shows the form again, with everything in it."""
    budget = {"max_rounds": rounds, "max_total_tokens": tokens, "max_usd": usd, "max_seconds": seconds}
    chosen = {"model": model, **budget}
    settings = {name: value.strip() for name, value in chosen.items() if value.strip()}
    site = site_of(request)
    composed = compose(sentence, recipe)
    if composed.problem:
        return _page(request, visitor, composed, chosen, recipe=recipe, status=400)
    try:
        _refuse_no_model(load(settings))
        run = site.queue.enqueue(Wish(sentence=sentence, recipe=recipe, settings=settings), owner=visitor.name)
    except UsageError as error:
        return _page(request, visitor, composed, chosen, error, recipe=recipe, status=400)
    return RedirectResponse(f"/runs/{run}", 303)


def _refuse_no_model(settings: Settings) -> None:
    """Raise UsageError where a run would have nobody to ask."""
    if not settings.model:
        raise UsageError(
            "No model is set.", f"Name one, or take “{RECORDED}”: it plays recorded answers, without a key."
        )


def _page(
    request: Request,
    visitor: Visitor,
    composed: Composed,
    chosen: dict[str, str] | None = None,
    problem: BackwrightError | None = None,
    *,
    recipe: str = "",
    status: int = 200,
) -> Response:
    """The whole page."""
    site = site_of(request)
    return site.pages.page(
        request,
        "compose.html",
        visitor=visitor,
        status=status,
        composed=composed,
        recipe=recipe,
        chosen=chosen or {},
        problem=problem,
        settings=site.settings,
        examples=EXAMPLES,
        recorded=RECORDED,
    )


def _parts(request: Request, visitor: Visitor, composed: Composed, first: str) -> Response:
    """The parts that a change replaces: never the one that somebody types in."""
    return site_of(request).pages.page(
        request, "compose_parts.html", visitor=visitor, composed=composed, first=first, problem=None
    )
