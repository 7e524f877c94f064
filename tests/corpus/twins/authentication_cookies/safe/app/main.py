"""The application."""

import secrets
import sqlite3
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, Request, Security
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from fastapi.security import APIKeyCookie
from pydantic import BaseModel, ConfigDict, EmailStr, Field
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.store import SESSION, Db, hashed, keyed, moment, new_salt, right

COOKIE = "letters_session"
TRUSTED = {"https://letters.example.org"}
cookie = APIKeyCookie(name=COOKIE, scheme_name="session", auto_error=False)
Cookie = Annotated[str | None, Security(cookie)]


class Credentials(BaseModel):
    """Address and password."""

    model_config = ConfigDict(extra="forbid")
    email: EmailStr
    password: str = Field(min_length=10, max_length=128, json_schema_extra={"format": "password"})


class LetterInput(BaseModel):
    """A letter."""

    model_config = ConfigDict(extra="forbid")
    text: str = Field(min_length=1, max_length=500, pattern=r"^[^\x00]*$")


class Letter(BaseModel):
    """A letter."""

    id: int
    text: str


class Letters(BaseModel):
    """Letters."""

    items: list[Letter]


class Told(BaseModel):
    """A sentence."""

    message: str


class Person(BaseModel):
    """Who is logged in."""

    id: int
    email: str


class Origins:
    """ASGI middleware: which pages may read answers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Add the headers."""

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                asked = Headers(scope=scope).get("origin")
                if asked is not None and asked in TRUSTED:
                    headers = MutableHeaders(scope=message)
                    headers["Access-Control-Allow-Origin"] = asked
                    headers["Access-Control-Allow-Credentials"] = "true"
            await send(message)

        await self.app(scope, receive, sending if scope["type"] == "http" else send)


app = FastAPI(title="Letters", version="1.0.0", servers=[{"url": "/"}])


@app.exception_handler(RequestValidationError)
async def invalid(_: Request, error: RequestValidationError) -> JSONResponse:
    """What was wrong, without what was sent."""
    fields = [".".join(map(str, each["loc"])) for each in error.errors()]
    return JSONResponse({"detail": f"Invalid: {', '.join(fields)}"}, 422)


app.add_middleware(Origins)
FAILURES = 10
attempts: dict[str, int] = {}
REFUSED = {401: {"description": "Not logged in."}}


def current(db: Db, given: Cookie) -> sqlite3.Row:
    """Who has the session."""
    row: sqlite3.Row | None = db.execute(
        "SELECT p.id, p.email FROM sessions s JOIN people p ON p.id = s.person_id"
        " WHERE s.session_key = ? AND s.expires_at > ?",
        (keyed(given or ""), moment()),
    ).fetchone()
    if row is None:
        raise HTTPException(401, "Log in first.")
    return row


Current = Annotated[sqlite3.Row, Depends(current)]


@app.post("/people", status_code=202)
def register(db: Db, given: Credentials) -> Told:
    """Make an account; a known address is told by mail."""
    stored = hashed(given.password, new_salt())
    db.execute("INSERT INTO people (email, password_hash) VALUES (?, ?) ON CONFLICT DO NOTHING", (given.email, stored))
    return Told(message="A mail is on its way.")


@app.post("/session", status_code=204, responses={**REFUSED, 429: {"description": "Too many attempts."}})
def login(db: Db, given: Credentials) -> Response:
    """Open a session. After ten wrong passwords an address is refused."""
    attempts[given.email] = attempts.get(given.email, 0) + 1
    if attempts[given.email] > FAILURES:
        raise HTTPException(429, "Too many attempts.")
    person = db.execute("SELECT * FROM people WHERE email = ?", (given.email,)).fetchone()
    if not right(given.password, person["password_hash"] if person else None):
        raise HTTPException(401, "The address or the password is wrong.")
    del attempts[given.email]
    text = secrets.token_urlsafe(32)
    db.execute(
        "INSERT INTO sessions (session_key, person_id, expires_at) VALUES (?, ?, ?)",
        (keyed(text), person["id"], moment(SESSION)),
    )
    response = Response(status_code=204)
    response.set_cookie(COOKIE, text, secure=True, httponly=True, samesite="lax")
    return response


@app.delete("/session", status_code=204, responses=REFUSED)
def logout(db: Db, person: Current, given: Cookie) -> Response:
    """End the session."""
    db.execute("DELETE FROM sessions WHERE session_key = ? AND person_id = ?", (keyed(given or ""), person["id"]))
    return Response(status_code=204)


@app.get("/session", responses=REFUSED)
def read_session(person: Current) -> Person:
    """Who is logged in."""
    return Person(id=person["id"], email=person["email"])


@app.get("/letters", responses=REFUSED)
def list_letters(db: Db, person: Current) -> Letters:
    """One's letters."""
    rows = db.execute("SELECT id, text FROM letters WHERE person_id = ? ORDER BY id", (person["id"],)).fetchall()
    return Letters(items=[Letter(id=row["id"], text=row["text"]) for row in rows])


@app.post("/letters", status_code=201, responses=REFUSED)
def write(db: Db, person: Current, given: LetterInput) -> Letter:
    """Write a letter."""
    row = db.execute(
        "INSERT INTO letters (person_id, text) VALUES (?, ?) RETURNING id", (person["id"], given.text)
    ).fetchone()
    return Letter(id=row["id"], text=given.text)
