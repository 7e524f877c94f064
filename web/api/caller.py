"""Who calls: a token in the Authorization header, checked before anything else of a request is read."""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass
from typing import Annotated, cast

from anyio import to_thread
from fastapi import Depends, HTTPException, Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.errors import JournalError
from web.accounts import Accounts, Person, Role
from web.api.problems import problem
from web.limits import Buckets, Rate, Taken

OPEN = frozenset({"/openapi.json"})
"""What is answered without a token."""

NO_BODY = frozenset({"GET", "HEAD", "OPTIONS", "DELETE"})

LOG = logging.getLogger("backwright.api")


@dataclass(frozen=True)
class Caller:
    """Whose token it is, and what it may: the lower of the token's role and the person's."""

    person: Person
    role: Role
    expires: float
    """When the token ends, in seconds since 1970."""


class Needs:
    """The dependency of an operation: at least this role."""

    def __init__(self, role: Role) -> None:
        self.role = role

    async def __call__(self, request: Request) -> Caller:
        """The caller; 403 where the role is too low."""
        caller = cast(Caller, request.state.caller)
        if not caller.role.may(self.role):
            raise HTTPException(403, f"This needs the role {self.role.value}, and this token's is {caller.role.value}.")
        return caller


Viewer = Annotated[Caller, Depends(Needs(Role.VIEWER))]
Author = Annotated[Caller, Depends(Needs(Role.AUTHOR))]


class Gatekeeper:
    """Asks for a token, counts its requests, and takes bodies of JSON alone. Pure ASGI."""

    def __init__(self, app: ASGIApp, accounts: Accounts, rate: Rate) -> None:
        self.app, self._accounts = app, accounts
        self._buckets = Buckets(rate)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what may pass; an answer tells what is left of the rate."""
        if scope["type"] != "http" or _is_open(scope):
            await self.app(scope, receive, send)
            return
        try:
            caller = await self._caller(scope)
        except JournalError as error:
            LOG.error("no accounts: %s", error)
            await problem(503, headers={"Retry-After": "5"})(scope, receive, send)
            return
        if caller is None:
            await _unknown(scope)(scope, receive, send)
            return
        taken = self._buckets.take(caller.person.id)
        sending = _with_rate(send, self._buckets.rate, taken)
        refused = _refused(scope, taken)
        if refused is not None:
            await refused(scope, receive, sending)
            return
        scope.setdefault("state", {})["caller"] = caller
        await self.app(scope, receive, sending)

    async def _caller(self, scope: Scope) -> Caller | None:
        """Who the one token of a request belongs to."""
        given = Headers(scope=scope).getlist("Authorization")
        kind, _, text = given[0].partition(" ") if len(given) == 1 else ("", "", "")
        if kind.lower() != "bearer":
            return None
        found = await to_thread.run_sync(self._accounts.tokens.find, text.strip())
        return Caller(found.person, found.role, found.expires) if found else None


def _is_open(scope: Scope) -> bool:
    """Whether anybody may ask."""
    path = scope["path"].removeprefix(scope.get("root_path", ""))
    return path in OPEN and scope["method"] == "GET"


def _unknown(scope: Scope) -> Response:
    """401: no token, or one that does not hold."""
    given = "Authorization" in Headers(scope=scope)
    challenge = 'Bearer realm="backwright"' + (', error="invalid_token"' if given else "")
    said = "This token does not hold." if given else "A token is needed: Authorization: Bearer bw_..."
    return problem(401, said, "Make one on the page Account.", headers={"WWW-Authenticate": challenge})


def _refused(scope: Scope, taken: Taken) -> Response | None:
    """429 for too many requests, 415 for a body that is no JSON, or nothing."""
    if taken.wait:
        return problem(429, "Too many requests: wait a little.", headers={"Retry-After": str(math.ceil(taken.wait))})
    headers = Headers(scope=scope)
    if scope["method"] in NO_BODY or (headers.get("Content-Length", "") == "0" and "Content-Type" not in headers):
        return None
    if "Content-Length" not in headers and "Transfer-Encoding" not in headers:
        return None
    if headers.get("Content-Type", "").partition(";")[0].strip().lower() != "application/json":
        return problem(415, "Send JSON, with Content-Type: application/json.")
    return None


def _with_rate(send: Send, rate: Rate, taken: Taken) -> Send:
    """Every answer tells the rate, what is left of it, and the seconds until all of it is there again."""

    async def told(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers["RateLimit-Limit"] = str(rate.burst)
            headers["RateLimit-Remaining"] = str(taken.left)
            headers["RateLimit-Reset"] = str(math.ceil(taken.full_in))
        await send(message)

    return told
