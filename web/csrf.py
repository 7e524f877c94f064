"""Requests that another site makes in a visitor's name are refused.

`checked` does it twice: by what browsers say of where an unsafe request comes from, and
by a token that only our own pages hold, bound to the session, or to a random cookie
where nobody is signed in.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from fastapi import HTTPException, Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})

FIELD, HEADER = "csrf_token", "X-CSRF-Token"
"""Where a page's token is sent: a form's field, or a header of htmx."""

FIELD_BYTES = 4 * 1024 * 1024
"""The most of one field; the body as a whole is bounded by web/limits.py."""

REFUSED = "This page has expired, or the request came from another site: reload the page and try again."

VISITOR_COOKIE = "backwright_visitor"


def cookie_name(name: str, scheme: str) -> str:
    """The name of a cookie; under https one that browsers let no other host or path set."""
    return f"__Host-{name}" if scheme == "https" else name


def token_of(secret: str) -> str:
    """The token that belongs to a session's token or a visitor's cookie, which it does not tell."""
    return hmac.new(secret.encode("utf-8", "replace"), b"csrf", hashlib.sha256).hexdigest()


def visitor_secret(request: HTTPConnection) -> str:
    """The random value of the visitor's cookie, as `VisitorCookie` has set it."""
    return str(request.scope["state"]["visitor_secret"])


async def checked(request: Request) -> None:
    """Refuse an unsafe request of another site, or without its visitor's token. For every route of the pages."""
    from web.auth import csrf_secret

    if request.method in SAFE:
        return
    if not same_origin(request.scope):
        raise HTTPException(403, REFUSED)
    given = request.headers.get(HEADER, "")
    if not given and "form" in request.headers.get("Content-Type", ""):
        # Kept by the request: a route that reads the form gets this one, whatever limits it names.
        field = (await request.form(max_part_size=FIELD_BYTES)).get(FIELD)
        given = field if isinstance(field, str) else ""
    wanted = token_of(await csrf_secret(request))
    if not hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode()):
        raise HTTPException(403, REFUSED)


class VisitorCookie:
    """Gives every browser a random cookie, which the forms of whoever is not signed in are bound to."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the cookie, or set one."""
        if scope["type"] != "http" or scope["path"].startswith(("/static/", "/api/")):
            await self.app(scope, receive, send)
            return
        name = cookie_name(VISITOR_COOKIE, scope["scheme"])
        kept = HTTPConnection(scope).cookies.get(name, "")
        fresh = len(kept) != 43
        secret = secrets.token_urlsafe(32) if fresh else kept
        scope.setdefault("state", {})["visitor_secret"] = secret

        async def with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start" and fresh:
                secure = "; Secure" if scope["scheme"] == "https" else ""
                headers = MutableHeaders(scope=message)
                headers.append("Set-Cookie", f"{name}={secret}; Path=/; HttpOnly; SameSite=Lax{secure}")
            await send(message)

        await self.app(scope, receive, with_cookie)


def same_origin(scope: Scope) -> bool:
    """Whether an unsafe request comes from our own pages, or from no browser at all."""
    headers = Headers(scope=scope)
    site = headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = headers.get("Origin")
    return origin is None or origin == f"{scope['scheme']}://{headers.get('Host', '')}"
