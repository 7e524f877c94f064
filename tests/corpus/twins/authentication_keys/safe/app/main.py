"""Shelves of books behind opaque tokens: sessions end by logout, by the end of all, and with the password."""

import hashlib
import hmac
import logging
import secrets
from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException, Request, Security
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pwdlib import PasswordHash
from pydantic import BaseModel, Field

from app.store import one, run

log = logging.getLogger("shelves")
logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s %(message)s")
hasher = PasswordHash.recommended()
NOBODY = hasher.hash("nobody has this password")
bearer = HTTPBearer(auto_error=False, scheme_name="bearer")
app = FastAPI(title="Shelves", version="1.0.0", docs_url=None, redoc_url=None)
Mail = Annotated[str, Field(min_length=6, max_length=120, pattern=r"^[^@\s]+@[^@\s]+\.[a-z]+$")]
Password = Annotated[str, Field(min_length=8, max_length=100)]


class Account(BaseModel):
    email: Mail
    password: Password


class Known(BaseModel):
    id: int
    email: str


class Tokens(BaseModel):
    access_token: str
    refresh_token: str


class Refresh(BaseModel):
    refresh_token: Annotated[str, Field(min_length=3, max_length=120)]


class Change(BaseModel):
    current_password: Password
    new_password: Password


class BookIn(BaseModel):
    title: Annotated[str, Field(min_length=1, max_length=100)]


class Book(BookIn):
    id: int


@app.exception_handler(RequestValidationError)
async def invalid(_: Request, error: RequestValidationError) -> JSONResponse:
    """What was wrong, without what was sent."""
    said = [".".join(map(str, each["loc"])) for each in error.errors()]
    log.info("Refused: %s", said)
    return JSONResponse({"detail": f"Invalid: {said}"}, 422)


def keyed(text: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(text.encode()).hexdigest()


def opened(token: str, column: str) -> dict[str, Any] | None:
    """The session of a token."""
    number, _, text = token.partition(".")
    row = one("SELECT * FROM sessions WHERE id = ?", int(number)) if number.isdecimal() and len(number) < 16 else None
    return row if row is not None and hmac.compare_digest(row[column], keyed(text)) else None


def session(request: Request, _: Annotated[HTTPAuthorizationCredentials | None, Security(bearer)]) -> dict[str, Any]:
    """The session of the request. Raises 401."""
    scheme, _blank, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise HTTPException(401, "Log in first.")
    found = opened(token, "access_key")
    if found is None:
        log.info("A credential was refused")
        raise HTTPException(401, "Log in first.")
    return found


Session = Annotated[dict[str, Any], Depends(session)]


def issued(account_id: int) -> Tokens:
    """A new session's tokens."""
    access, refresh = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
    made = one(
        "INSERT INTO sessions (account_id, access_key, refresh_key) VALUES (?, ?, ?) RETURNING id",
        account_id,
        keyed(access),
        keyed(refresh),
    )
    number = made["id"] if made else 0
    return Tokens(access_token=f"{number}.{access}", refresh_token=f"{number}.{refresh}")


@app.post("/accounts", status_code=201, response_model=Known, responses={409: {"description": "Taken."}})
def register(given: Account) -> Any:
    if one("SELECT 1 FROM accounts WHERE email = ?", given.email):
        log.info("An address was taken")
        raise HTTPException(409, "The address is taken.")
    return one(
        "INSERT INTO accounts (email, password_hash, verified_at) VALUES (?, ?, datetime()) RETURNING *",
        given.email,
        hasher.hash(given.password),
    )


@app.post("/tokens", response_model=Tokens, responses={401: {"description": "Wrong."}, 403: {"description": "Closed."}})
def log_in(given: Account) -> Any:
    account = one("SELECT * FROM accounts WHERE email = ?", given.email)
    right = hasher.verify(given.password, account["password_hash"] if account else NOBODY)
    if account is None or not right:
        log.info("A login failed")
        raise HTTPException(401, "Address or password is wrong.")
    if account["locked"] or account["verified_at"] is None:
        raise HTTPException(403, "The account is closed.")
    return issued(account["id"])


@app.post("/tokens/refresh", response_model=Tokens, responses={401: {"description": "Not valid."}})
def refresh(given: Refresh) -> Any:
    found = opened(given.refresh_token, "refresh_key")
    if found is None:
        raise HTTPException(401, "The token is not valid.")
    run("DELETE FROM sessions WHERE id = ?", found["id"])
    return issued(found["account_id"])


@app.post("/logout", status_code=204)
def log_out(found: Session) -> None:
    run("DELETE FROM sessions WHERE id = ?", found["id"])


@app.post("/logout-all", status_code=204)
def log_out_everywhere(found: Session) -> None:
    run("DELETE FROM sessions WHERE account_id = ?", found["account_id"])


@app.put("/account/password", status_code=204, responses={403: {"description": "Wrong."}})
def change_password(given: Change, found: Session) -> None:
    account = one("SELECT * FROM accounts WHERE id = ?", found["account_id"])
    if account is None or not hasher.verify(given.current_password, account["password_hash"]):
        raise HTTPException(403, "The password is wrong.")
    run("UPDATE accounts SET password_hash = ? WHERE id = ?", hasher.hash(given.new_password), account["id"])
    run("DELETE FROM sessions WHERE account_id = ? AND id <> ?", account["id"], found["id"])


@app.get("/books", response_model=list[Book])
def books(found: Session) -> Any:
    return run("SELECT * FROM books WHERE account_id = ? ORDER BY id LIMIT 50", found["account_id"])


@app.post("/books", status_code=201, response_model=Book)
def add(given: BookIn, found: Session) -> Any:
    return one("INSERT INTO books (account_id, title) VALUES (?, ?) RETURNING *", found["account_id"], given.title)
