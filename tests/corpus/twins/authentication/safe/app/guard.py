"""Who is calling, and what holds for every answer."""

import sqlite3
from typing import Annotated

import jwt
from fastapi import Depends, HTTPException, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.store import Db, secret

bearer = HTTPBearer(auto_error=False, scheme_name="bearer", bearerFormat="JWT")
Given = Annotated[HTTPAuthorizationCredentials | None, Security(bearer)]


def refused() -> HTTPException:
    """What nobody is answered."""
    return HTTPException(401, "Log in first.")


def current(db: Db, given: Given) -> sqlite3.Row:
    """The user whose token was sent."""
    if given is None:
        raise refused()
    try:
        claims = jwt.decode(given.credentials, secret(), algorithms=["HS256"], options={"require": ["exp", "sub"]})
    except jwt.InvalidTokenError:
        raise refused() from None
    row: sqlite3.Row | None = db.execute(
        "SELECT * FROM users WHERE id = ? AND disabled_at IS NULL", (claims["sub"],)
    ).fetchone()
    if row is None or row["token_version"] != claims.get("ver"):
        raise refused()
    return row


User = Annotated[sqlite3.Row, Depends(current)]


class Headers:
    """ASGI middleware: headers of every answer, and the one origin that is trusted."""

    TRUSTED = "https://notes.example.org"

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the headers."""

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("Cache-Control", "no-store")
                headers.setdefault("X-Content-Type-Options", "nosniff")
                asked = MutableHeaders(scope=scope).get("origin")
                if asked == self.TRUSTED:
                    headers["Access-Control-Allow-Origin"] = asked
                    headers["Access-Control-Allow-Credentials"] = "true"
            await send(message)

        await self.app(scope, receive, sending if scope["type"] == "http" else send)
