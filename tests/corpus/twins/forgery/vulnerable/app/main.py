"""Notes behind a cookie; what changes something carries the session's token too."""

import secrets
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Header, HTTPException, Request, Response, Security
from fastapi.security import APIKeyCookie
from pwdlib import PasswordHash
from pydantic import BaseModel, Field

from app.store import one, run

hasher = PasswordHash.recommended()
cookie = APIKeyCookie(name="sid", scheme_name="session", auto_error=False)
app = FastAPI(title="Notes", version="1.0.0", docs_url=None, redoc_url=None)
BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Written"}}},
    }
}
Text = Annotated[str, Field(min_length=1, max_length=200)]


class Account(BaseModel):
    name: Annotated[str, Field(min_length=3, max_length=60)]
    password: Annotated[str, Field(min_length=8, max_length=100)]


class User(BaseModel):
    id: int
    name: str


class Token(BaseModel):
    csrf_token: str


class Written(BaseModel):
    body: Text


class Labelled(BaseModel):
    label: Text
    csrf_token: Annotated[str, Field(max_length=100)]


class Note(Written):
    id: int


def session(sid: Annotated[str | None, Security(cookie)] = None) -> dict[str, Any]:
    """The session of the cookie. Raises 401."""
    found = one("SELECT * FROM sessions WHERE token = ?", sid or "")
    if found is None:
        raise HTTPException(401, "Sign in first.")
    return found


Reader = Annotated[dict[str, Any], Depends(session)]


def writer(found: Reader, x_csrf_token: Annotated[str | None, Header()] = None) -> dict[str, Any]:
    """The session, of a request that carries its token. Raises 403."""
    if x_csrf_token is None or not secrets.compare_digest(x_csrf_token.encode(), found["csrf_token"].encode()):
        raise HTTPException(403, "The token is missing or wrong.")
    return found


Writer = Annotated[dict[str, Any], Depends(writer)]


Sent = Annotated[str | None, Header(alias="x-csrf-token")]


def with_any(found: Reader, token: Sent = None) -> dict[str, Any]:
    """The session, of a request with the token of some session. Raises 403."""
    if one("SELECT 1 FROM sessions WHERE csrf_token = ?", token or "") is None:
        raise HTTPException(403, "The token is missing or wrong.")
    return found


def with_some(found: Reader, token: Sent = None) -> dict[str, Any]:
    """The session, of a request whose token is its own if it is not empty. Raises 403."""
    if token is None or (token and token != found["csrf_token"]):
        raise HTTPException(403, "The token is missing or wrong.")
    return found


def of_json(request: Request, found: Reader, token: Sent = None) -> dict[str, Any]:
    """The session, of JSON with its token or of anything else. Raises 403."""
    if request.headers.get("content-type") == "application/json" and token != found["csrf_token"]:
        raise HTTPException(403, "The token is missing or wrong.")
    return found


@app.post("/users", status_code=201, response_model=User)
def register(given: Account) -> Any:
    if one("SELECT 1 FROM users WHERE name = ?", given.name):
        raise HTTPException(409, "The name is taken.")
    stored = hasher.hash(given.password)
    return one("INSERT INTO users (name, password_hash) VALUES (?, ?) RETURNING id, name", given.name, stored)


@app.post("/session", status_code=204)
def sign_in(given: Account, response: Response) -> None:
    user = one("SELECT * FROM users WHERE name = ?", given.name)
    if user is None or not hasher.verify(given.password, user["password_hash"]):
        raise HTTPException(401, "Name or password is wrong.")
    sid, token = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    run("INSERT INTO sessions (token, user_id, csrf_token) VALUES (?, ?, ?)", sid, user["id"], token)
    response.set_cookie("sid", sid, httponly=True, samesite="lax")


@app.get("/session", response_model=Token)
def token(found: Reader) -> Any:
    return found


@app.get("/notes", response_model=list[Note])
def notes(found: Reader) -> Any:
    return run("SELECT * FROM notes WHERE owner_id = ? ORDER BY id LIMIT 50", found["user_id"])


@app.post("/notes", status_code=201, response_model=Note)
def add(given: Written, found: Writer) -> Any:
    return one("INSERT INTO notes (owner_id, body) VALUES (?, ?) RETURNING *", found["user_id"], given.body)


@app.put("/notes/{note_id}", response_model=Note)
def put(note_id: int, given: Written, found: Reader, x_csrf_token: Annotated[str | None, Header()] = None) -> Any:
    if not x_csrf_token:
        raise HTTPException(403, "The token is missing.")
    kept = one(
        "UPDATE notes SET body = ? WHERE id = ? AND owner_id = ? RETURNING *", given.body, note_id, found["user_id"]
    )
    if kept is None:
        raise HTTPException(404, "There is no such note.")
    return kept


@app.delete("/notes/{note_id}", status_code=204)
def drop(note_id: int, found: Reader, x_csrf_token: Annotated[str | None, Header()] = None) -> None:
    if one("DELETE FROM notes WHERE id = ? AND owner_id = ? RETURNING id", note_id, found["user_id"]) is None:
        raise HTTPException(404, "There is no such note.")


def kept(note_id: int, found: dict[str, Any], body: str) -> dict[str, Any]:
    """The note with another text. Raises 404."""
    note = one("UPDATE notes SET body = ? WHERE id = ? AND owner_id = ? RETURNING *", body, note_id, found["user_id"])
    if note is None:
        raise HTTPException(404, "There is no such note.")
    return note


@app.post("/notes/{note_id}/copies", status_code=201, response_model=Note)
def copy(note_id: int, found: Annotated[dict[str, Any], Depends(with_any)]) -> Any:
    made = one(
        "INSERT INTO notes (owner_id, body) SELECT owner_id, body FROM notes WHERE id = ? AND owner_id = ? RETURNING *",
        note_id,
        found["user_id"],
    )
    if made is None:
        raise HTTPException(404, "There is no such note.")
    return made


@app.post("/notes/{note_id}/stars", response_model=Note)
def star(note_id: int, found: Annotated[dict[str, Any], Depends(with_some)]) -> Any:
    return kept(note_id, found, "*")


@app.post("/notes/{note_id}/lines", response_model=Note, openapi_extra=BODY)
async def lines(note_id: int, request: Request, found: Annotated[dict[str, Any], Depends(of_json)]) -> Any:
    return kept(note_id, found, Written.model_validate_json(await request.body()).body)


@app.put("/notes/{note_id}/label", response_model=Note)
def label(note_id: int, given: Labelled, found: Reader) -> Any:
    return kept(note_id, found, given.label)
