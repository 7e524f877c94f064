"""Who asks: the visitor of a request and what a route needs of them.

`Viewer`, `Author` and `Admin` are parameters of page functions. Where accounts exist,
a visitor is who signed in. Where none exist, the machine's own user is an
administrator without signing in, and nobody else gets an answer: the connection and
the address in it must both be the machine's own, so that a foreign page which lets its
name point here (DNS rebinding) is refused.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Annotated, ParamSpec, TypeVar, cast
from urllib.parse import quote, urlsplit

from anyio import CapacityLimiter, to_thread
from anyio.lowlevel import RunVar
from fastapi import Depends, HTTPException, Request

from web.accounts import Accounts, Person, Role
from web.accounts.passwords import AT_ONCE
from web.accounts.sessions import SignedIn
from web.csrf import cookie_name, token_of, visitor_secret

__all__ = ["Admin", "Author", "Role", "Viewer", "Visitor", "accounts_of"]

P = ParamSpec("P")
T = TypeVar("T")

SESSION_COOKIE = "backwright_session"

ELSEWHERE = (
    "Without accounts, backwright answers on this machine alone, at http://127.0.0.1 or http://localhost. "
    "`backwright web user add NAME --role admin` makes the first account."
)

FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")
"""Whoever sends one of these speaks for somebody else."""


@dataclass(frozen=True)
class Visitor:
    """Who asks. `local`: no accounts exist, and it is the machine's own user."""

    name: str
    """Empty for the local visitor, as the owner of the runs of the command line is."""
    role: Role
    csrf: str
    local: bool
    person: Person | None = None
    session: str = ""
    """The session's id."""


AT_THE_DOOR: RunVar[CapacityLimiter] = RunVar("AT_THE_DOOR")
"""The threads that hash passwords; a flood of sign-ins leaves the others to the pages."""


async def hashing(function: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
    """Run what hashes a password in a thread, few at a time."""
    try:
        limiter = AT_THE_DOOR.get()
    except LookupError:
        limiter = CapacityLimiter(AT_ONCE)
        AT_THE_DOOR.set(limiter)
    return await to_thread.run_sync(partial(function, *args, **named), limiter=limiter)


def accounts_of(request: Request) -> Accounts:
    """The accounts of the site that serves this request."""
    return cast(Accounts, request.app.state.site.accounts)


class Needs:
    """The dependency of a route: at least this role."""

    def __init__(self, role: Role) -> None:
        self.role = role

    async def __call__(self, request: Request) -> Visitor:
        """The visitor. Whoever is nobody is sent to sign in; 403 where the role is too low."""
        visitor = await visitor_of(request)
        if visitor is None:
            raise to_sign_in(request)
        if not visitor.role.may(self.role):
            raise HTTPException(403, f"This needs the role {self.role.value}, and yours is {visitor.role.value}.")
        return visitor


Viewer = Annotated[Visitor, Depends(Needs(Role.VIEWER))]
Author = Annotated[Visitor, Depends(Needs(Role.AUTHOR))]
Admin = Annotated[Visitor, Depends(Needs(Role.ADMIN))]


async def visitor_of(request: Request) -> Visitor | None:
    """The visitor, or None for nobody. Raises HTTPException (403) for strangers where no accounts exist."""
    if await to_thread.run_sync(accounts_of(request).exist):
        signed = await signed_in(request)
        if signed is None:
            return None
        person = signed.person
        return Visitor(person.name, person.role, token_of(_session_token(request)), False, person, signed.session)
    if not is_local(request):
        raise HTTPException(403, ELSEWHERE)
    return Visitor("", Role.ADMIN, token_of(visitor_secret(request)), True)


async def signed_in(request: Request) -> SignedIn | None:
    """Who the session's cookie belongs to; looked up once a request."""
    if not hasattr(request.state, "signed_in"):
        token = _session_token(request)
        found = await to_thread.run_sync(accounts_of(request).sessions.find, token) if token else None
        request.state.signed_in = found
    return cast("SignedIn | None", request.state.signed_in)


async def csrf_secret(request: Request) -> str:
    """What the token of this request's forms is bound to."""
    return _session_token(request) if await signed_in(request) else visitor_secret(request)


def to_sign_in(request: Request) -> HTTPException:
    """The way to the sign-in page and back; htmx is told to go there as a whole page."""
    page = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    if request.headers.get("HX-Request") == "true":
        page = local_path(_path_of(request.headers.get("HX-Current-URL", "")))
        return HTTPException(401, "Sign in first.", {"HX-Redirect": f"/signin?next={quote(page, safe='')}"})
    if request.method not in ("GET", "HEAD"):
        page = "/"
    return HTTPException(303, headers={"Location": f"/signin?next={quote(page, safe='')}"})


def local_path(path: str) -> str:
    """A path of ours to go on to; the first page for everything else, above all for other sites."""
    # Browsers read a backslash as a slash and drop tabs and line ends: `/\\host` and `/\t/host` are other sites.
    plain = path.isprintable() and "\\" not in path and not path.startswith("//")
    if not path.startswith("/") or not plain or len(path) > 2000:
        return "/"
    try:
        parts = urlsplit(path)
    except ValueError:
        return "/"
    return "/" if parts.scheme or parts.netloc else path


def is_local(request: Request) -> bool:
    """Whether both ends of the connection, and the host that was asked for, are this machine."""
    if request.client is None or any(name in request.headers for name in FORWARDED):
        return False
    try:
        asked = urlsplit(f"//{request.headers.get('Host', '')}").hostname or ""
    except ValueError:
        return False
    return _loopback(request.client.host) and (asked == "localhost" or _loopback(asked))


def _loopback(address: str) -> bool:
    """Whether an address is one of this machine's own."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def _session_token(request: Request) -> str:
    """The token in the session's cookie."""
    return request.cookies.get(cookie_name(SESSION_COOKIE, request.url.scheme), "")


def _path_of(url: str) -> str:
    """Path and query of a URL."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "/"
    return parts.path + (f"?{parts.query}" if parts.query else "")
