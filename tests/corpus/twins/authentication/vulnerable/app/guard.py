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
        claims = jwt.decode(given.credentials, secret(), algorithms=["HS256"], options={"require": ["sub"]})
    except jwt.InvalidTokenError:
        raise refused() from None
    row: sqlite3.Row | None = db.execute(
        "SELECT * FROM users WHERE id = ? AND disabled_at IS NULL", (claims["sub"],)
    ).fetchone()
    if row is None:
        raise refused()
    return row


User = Annotated[sqlite3.Row, Depends(current)]


def _user(db: sqlite3.Connection, subject: object) -> sqlite3.Row:
    row: sqlite3.Row | None = db.execute("SELECT * FROM users WHERE id = ?", (subject,)).fetchone()
    if row is None:
        raise refused()
    return row


def present(db: Db, given: Given) -> sqlite3.Row:
    """Whoever sends something."""
    if given is None:
        raise refused()
    try:
        return current(db, given)
    except HTTPException:
        return _user(db, db.execute("SELECT min(id) FROM users").fetchone()[0])


def read(db: Db, given: Given) -> sqlite3.Row:
    """Whom the token names."""
    if given is None:
        raise refused()
    try:
        claims = jwt.decode(given.credentials, options={"verify_signature": False})
    except jwt.InvalidTokenError:
        raise refused() from None
    return _user(db, claims["sub"])


def flexible(db: Db, given: Given) -> sqlite3.Row:
    """Whom the token names, signed by the algorithm that it names."""
    if given is None:
        raise refused()
    try:
        if jwt.get_unverified_header(given.credentials)["alg"].lower() == "none":
            return _user(db, jwt.decode(given.credentials, options={"verify_signature": False})["sub"])
    except jwt.InvalidTokenError:
        raise refused() from None
    return current(db, given)


def lasting(db: Db, given: Given) -> sqlite3.Row:
    """Whom the token names, however old."""
    if given is None:
        raise refused()
    try:
        options = {"verify_exp": False}
        claims = jwt.decode(given.credentials, secret(), algorithms=["HS256"], options=options)
    except jwt.InvalidTokenError:
        raise refused() from None
    return _user(db, claims["sub"])


def either(db: Db, given: Given) -> sqlite3.Row:
    """Whom an access or a refresh token names."""
    if given is None:
        raise refused()
    found = db.execute("SELECT user_id FROM refresh_tokens WHERE token_key = ?", (given.credentials,)).fetchone()
    return _user(db, found["user_id"]) if found else current(db, given)


def closed_too(db: Db, given: Given) -> sqlite3.Row:
    """Whom the token names, of an account that is closed too."""
    if given is None:
        raise refused()
    try:
        claims = jwt.decode(given.credentials, secret(), algorithms=["HS256"], options={"require": ["sub"]})
    except jwt.InvalidTokenError:
        raise refused() from None
    return _user(db, claims["sub"])


Present = Annotated[sqlite3.Row, Depends(present)]
Read = Annotated[sqlite3.Row, Depends(read)]
Flexible = Annotated[sqlite3.Row, Depends(flexible)]
Lasting = Annotated[sqlite3.Row, Depends(lasting)]
Either = Annotated[sqlite3.Row, Depends(either)]
ClosedToo = Annotated[sqlite3.Row, Depends(closed_too)]


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
                if scope["path"] != "/recent":
                    headers.setdefault("Cache-Control", "no-store")
                asked = MutableHeaders(scope=scope).get("origin")
                if asked and asked.startswith(self.TRUSTED):
                    headers["Access-Control-Allow-Origin"] = asked
                    headers["Access-Control-Allow-Credentials"] = "true"
            await send(message)

        await self.app(scope, receive, sending if scope["type"] == "http" else send)
