"""One's own account: password, sessions, API tokens, theme; and what the server knows of its model's key."""

from __future__ import annotations

import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Form, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse

from assistant.errors import UsageError
from web.accounts import Person, Role
from web.accounts.door import Locked, Refused
from web.accounts.passwords import LONGEST, SHORTEST
from web.accounts.tokens import DAYS_DEFAULT, DAYS_MOST
from web.auth import Viewer, Visitor, accounts_of, hashing
from web.limits import address_of
from web.rendering import THEME_COOKIE, THEMES
from web.site import site_of

router = APIRouter(prefix="/account")

Password = Annotated[str, Form(max_length=LONGEST)]

YEAR = 366 * 86400


@router.get("")
async def page(request: Request, visitor: Viewer, done: str = "") -> Response:
    """The account."""
    return await _page(request, visitor, done=done)


@router.post("/password")
async def password(
    request: Request, visitor: Viewer, old: Password = "", new: Password = "", again: Password = ""
) -> Response:
    """A new password; all other sessions end."""
    person, accounts = _person(visitor), accounts_of(request)
    try:
        if new != again:
            raise UsageError("The two new passwords differ.")
        # The same door as for signing in: whoever found an open browser has no more guesses than anybody.
        await hashing(accounts.door.enter, person.name, old, address_of(request.scope))
        await hashing(accounts.people.set_password, person.name, new, keep=visitor.session)
    except Refused:
        return await _page(request, visitor, 400, problem={"password": "The present password is wrong."})
    except Locked as locked:
        said = f"Too many attempts: wait {locked.seconds:.0f} seconds."
        return await _page(request, visitor, 429, problem={"password": said})
    except UsageError as error:
        return await _page(request, visitor, 400, problem={"password": str(error)})
    return RedirectResponse("/account?done=password", 303)


@router.post("/sessions/end-others")
async def end_others(request: Request, visitor: Viewer) -> Response:
    """End all sessions but this one."""
    await run_in_threadpool(accounts_of(request).sessions.end_others, _person(visitor), visitor.session)
    return RedirectResponse("/account?done=sessions#sessions", 303)


@router.post("/sessions/{session}/end")
async def end_session(request: Request, visitor: Viewer, session: str) -> Response:
    """End one of one's own sessions."""
    if not await run_in_threadpool(accounts_of(request).sessions.end, _person(visitor), session):
        raise HTTPException(404)
    return RedirectResponse("/account?done=sessions#sessions", 303)


@router.post("/tokens")
async def make_token(
    request: Request,
    visitor: Viewer,
    name: Annotated[str, Form(max_length=64)] = "",
    role: Annotated[Role, Form()] = Role.VIEWER,
    days: Annotated[int, Form(ge=1, le=DAYS_MOST)] = DAYS_DEFAULT,
) -> Response:
    """A new token, shown on this answer alone."""
    tokens = accounts_of(request).tokens
    try:
        _, text = await run_in_threadpool(tokens.make, _person(visitor), name, role, days)
    except UsageError as error:
        return await _page(request, visitor, 400, problem={"token": str(error)}, token_name=name)
    return await _page(request, visitor, made=text)


@router.post("/tokens/{token}/revoke")
async def revoke(request: Request, visitor: Viewer, token: str) -> Response:
    """End one of one's own tokens."""
    if not await run_in_threadpool(accounts_of(request).tokens.revoke, _person(visitor), token):
        raise HTTPException(404)
    return RedirectResponse("/account?done=token#tokens", 303)


@router.post("/theme")
async def theme(request: Request, visitor: Viewer, theme: Annotated[str, Form(max_length=10)] = "auto") -> Response:
    """Keep the theme in this browser."""
    response = RedirectResponse("/account?done=theme", 303)
    chosen = theme if theme in THEMES else "auto"
    https = request.url.scheme == "https"
    response.set_cookie(THEME_COOKIE, chosen, max_age=YEAR, httponly=True, samesite="lax", secure=https)
    return response


DONE = {
    "password": "The password is changed, and all other sessions have ended.",
    "sessions": "Ended.",
    "token": "Revoked: the token no longer lets anybody in.",
    "theme": "Kept in this browser.",
}
"""What was done, by the word that stands in the address."""


def _person(visitor: Visitor) -> Person:
    """Whose account it is; the local visitor has none."""
    if visitor.person is None:
        raise HTTPException(400, "There are no accounts yet: make the first one.")
    return visitor.person


async def _page(request: Request, visitor: Visitor, status: int = 200, **values: Any) -> Response:
    """The page with what is the visitor's."""
    accounts, person = accounts_of(request), visitor.person
    shown: dict[str, Any] = {"done": "", "problem": {}, "made": "", "token_name": "", "sessions": [], "tokens": []}
    if person is not None:
        shown["sessions"] = await run_in_threadpool(accounts.sessions.of, person)
        shown["tokens"] = await run_in_threadpool(accounts.tokens.of, person)
    shown |= values
    shown["done"] = DONE.get(shown["done"], "")
    shown |= {"roles": [role for role in Role if visitor.role.may(role)], "shortest": SHORTEST, "at": at}
    shown["browser_of"] = browser_of
    shown |= {"days": DAYS_DEFAULT, "days_most": DAYS_MOST}
    if visitor.role.may(Role.ADMIN):
        shown["model"] = _model(request)
    return site_of(request).pages.page(request, "account.html", visitor=visitor, status=status, themes=THEMES, **shown)


def _model(request: Request) -> dict[str, str]:
    """What is set for the model and where it comes from; of the key, only that there is one."""
    settings = site_of(request).settings
    return {
        "Model": f"{settings.model}, from {settings.source('model')}" if settings.model else "none is set",
        "Endpoint": f"{settings.endpoint}, from {settings.source('base_url')}",
        "Key": f"is set, from {settings.source('api_key')}" if settings.api_key else "none is set",
    }


BROWSERS = {"Firefox/": "Firefox", "Edg/": "Edge", "OPR/": "Opera", "Chrome/": "Chrome", "Safari/": "Safari"}
"""What a browser calls itself -> its name; most name others as well, so the first one counts."""

SYSTEMS = {"Windows": "Windows", "Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Mac OS": "macOS"}


def browser_of(agent: str) -> str:
    """A browser and its system in words, as far as it names itself; else what it says."""
    browser = next((name for mark, name in BROWSERS.items() if mark in agent), "")
    system = next((name for mark, name in SYSTEMS.items() if mark in agent), "Linux" if "Linux" in agent else "")
    return f"{browser} on {system}" if browser and system else browser or agent or "unknown"


def at(seconds: float) -> str:
    """A time in seconds since 1970 as ISO 8601 in UTC."""
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
