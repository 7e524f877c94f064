"""Sign in and out, and the first account."""

from __future__ import annotations

import logging
import math
from typing import Annotated, Any

from fastapi import APIRouter, Form, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse
from markupsafe import Markup

from assistant.errors import UsageError
from web.accounts import Person, Role
from web.accounts.door import Locked, Refused
from web.accounts.passwords import LONGEST as LONGEST_PASSWORD
from web.accounts.passwords import SHORTEST
from web.accounts.sessions import LONGEST
from web.auth import SESSION_COOKIE, accounts_of, csrf_secret, hashing, is_local, local_path, signed_in
from web.csrf import FIELD, cookie_name, token_of
from web.limits import address_of
from web.site import site_of

router = APIRouter()

LOG = logging.getLogger("backwright.web")

WRONG = "Name or password is wrong."

Name = Annotated[str, Form(max_length=200)]
Password = Annotated[str, Form(max_length=LONGEST_PASSWORD)]
Next = Annotated[str, Form(max_length=2000)]


@router.get("/signin")
async def page(request: Request, next: str = "/") -> Response:
    """The form; without accounts there is nothing to sign in to."""
    if not await run_in_threadpool(accounts_of(request).exist):
        return RedirectResponse("/", 303)
    if await signed_in(request):
        return RedirectResponse(local_path(next), 303)
    return await _page(request, "signin.html", next=local_path(next))


@router.post("/signin")
async def sign_in(request: Request, name: Name = "", password: Password = "", next: Next = "/") -> Response:
    """Let somebody in, with a new session; or the form again."""
    address = address_of(request.scope)
    again = {"next": local_path(next), "name": name}
    try:
        person = await hashing(accounts_of(request).door.enter, name, password, address)
    except Refused:
        LOG.warning("sign-in refused, from %s", address)
        return await _page(request, "signin.html", 401, problem=WRONG, **again)
    except Locked as locked:
        wait = math.ceil(locked.seconds)
        LOG.warning("sign-in locked for %d s, from %s", wait, address)
        response = await _page(request, "signin.html", 429, problem=f"Too many attempts: wait {_span(wait)}.", **again)
        response.headers["Retry-After"] = str(wait)
        return response
    return await _signed_in(request, person, local_path(next))


@router.post("/signout")
async def sign_out(request: Request) -> Response:
    """End the session of this browser."""
    signed = await signed_in(request)
    if signed is not None:
        await run_in_threadpool(accounts_of(request).sessions.end, signed.person, signed.session)
    response = RedirectResponse("/signin", 303)
    _keep(request, response, "", 0)
    return response


@router.get("/setup")
async def setup(request: Request) -> Response:
    """The form for the first account."""
    await _refuse_setup(request)
    return await _page(request, "signin_setup.html", shortest=SHORTEST)


@router.post("/setup")
async def make_first(request: Request, name: Name = "", password: Password = "", again: Password = "") -> Response:
    """Make the first account, an administrator, and sign in with it."""
    await _refuse_setup(request)
    people = accounts_of(request).people
    try:
        if password != again:
            raise UsageError("The two passwords differ.")
        person = await hashing(people.add, name, password, Role.ADMIN, first=True)
    except UsageError as error:
        values = {"problem": error.message, "hint": error.hint, "name": name, "shortest": SHORTEST}
        return await _page(request, "signin_setup.html", 400, **values)
    return await _signed_in(request, person, "/account")


async def _refuse_setup(request: Request) -> None:
    """404 once there is an account, 403 from elsewhere."""
    if await run_in_threadpool(accounts_of(request).exist):
        raise HTTPException(404)
    if not is_local(request):
        raise HTTPException(403, "The first account is made on the machine itself: here, or by the command line.")


async def _signed_in(request: Request, person: Person, path: str) -> Response:
    """A new session for a person in place of the browser's old one, and on to a page."""
    sessions = accounts_of(request).sessions
    old = await signed_in(request)
    if old is not None:
        await run_in_threadpool(sessions.end, old.person, old.session)
    agent, address = request.headers.get("User-Agent", ""), address_of(request.scope)
    token = await run_in_threadpool(sessions.begin, person, agent, address)
    response = RedirectResponse(path, 303)
    _keep(request, response, token, int(LONGEST))
    return response


def _keep(request: Request, response: Response, token: str, seconds: int) -> None:
    """Let the browser keep the session's token so long; 0 forgets it."""
    name, https = cookie_name(SESSION_COOKIE, request.url.scheme), request.url.scheme == "https"
    response.set_cookie(name, token, max_age=seconds, path="/", secure=https, httponly=True, samesite="lax")


async def _page(request: Request, template: str, status: int = 200, **values: Any) -> Response:
    """A page for somebody who is nobody yet; its form is bound to the visitor's cookie."""
    token = token_of(await csrf_secret(request))
    field = Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, token)
    said: dict[str, Any] = {"problem": "", "hint": "", "name": "", "next": "/", "csrf_token": token}
    said["csrf_field"] = lambda: field
    return site_of(request).pages.page(request, template, visitor=None, status=status, **{**said, **values})


def _span(seconds: int) -> str:
    """A time to wait, in words."""
    if seconds < 90:
        return f"{seconds} second{'s' * (seconds != 1)}"
    return f"{math.ceil(seconds / 60)} minutes"
