"""Accounts, sessions, and tokens signed with a key whose public half is published."""

import base64
import hashlib
import hmac
import secrets
import sqlite3
import time
from typing import Annotated, Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from fastapi import APIRouter, Depends, HTTPException
from fastapi.responses import Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, Field

from app.store import Db

router = APIRouter()
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PUBLIC = KEY.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
SECONDS = 900
FAILURES = 8
REFUSED = {401: {"description": "Refused."}}
bearer = HTTPBearer(auto_error=False, scheme_name="bearer", bearerFormat="JWT")
failed: dict[str, int] = {}


class Account(BaseModel):
    """An address and a password."""

    email: Annotated[str, Field(min_length=6, max_length=120, pattern=r"^[a-z0-9.]+@[a-z0-9.]+\.[a-z]+$")]
    password: Annotated[str, Field(min_length=8, max_length=100)]


class Known(BaseModel):
    """An account."""

    id: int
    email: str


class Tokens(BaseModel):
    """What a login brings."""

    access_token: str
    refresh_token: str


class Refresh(BaseModel):
    """A refresh token."""

    refresh_token: Annotated[str, Field(min_length=10, max_length=120)]


class PublicKey(BaseModel):
    """A key (RFC 7517)."""

    kty: str
    alg: str
    use: str
    n: str
    e: str


class KeySet(BaseModel):
    """Keys (RFC 7517)."""

    keys: list[PublicKey]


def hashed(password: str, salt: str) -> str:
    """The slow hash of a password."""
    return hashlib.scrypt(password.encode(), salt=bytes.fromhex(salt), n=2**14, r=8, p=1).hex()


def keyed(token: str) -> str:
    """What is stored in place of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def coded(number: int) -> str:
    """A number as keys have it."""
    return base64.urlsafe_b64encode(number.to_bytes((number.bit_length() + 7) // 8, "big")).rstrip(b"=").decode()


def read(token: str) -> dict[str, Any]:
    """The claims of a token. Raises InvalidTokenError."""
    return jwt.decode(token, PUBLIC, algorithms=["RS256"], options={"require": ["exp", "sub", "sid"]})


def caller(db: Db, given: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]) -> int:
    """The id of the user who asks. Raises 401."""
    try:
        claims = read(given.credentials if given else "")
    except jwt.InvalidTokenError:
        raise HTTPException(401, "Log in first.") from None
    row = db.execute("SELECT user_id FROM sessions WHERE id = ? AND revoked_at IS NULL", (claims["sid"],)).fetchone()
    if row is None or str(row["user_id"]) != claims["sub"]:
        raise HTTPException(401, "Log in first.")
    return int(row["user_id"])


Me = Annotated[int, Depends(caller)]


def issued(db: sqlite3.Connection, user_id: int, session_id: str) -> Tokens:
    """New tokens of a session."""
    refresh = secrets.token_urlsafe(32)
    db.execute("INSERT INTO refresh_tokens (token_key, session_id) VALUES (?, ?)", (keyed(refresh), session_id))
    now = int(time.time())
    claims = {"sub": str(user_id), "sid": session_id, "iat": now, "exp": now + SECONDS}
    return Tokens(access_token=jwt.encode(claims, KEY, algorithm="RS256"), refresh_token=refresh)


@router.get("/.well-known/jwks.json")
def keys() -> KeySet:
    """The keys that tokens are verified with."""
    numbers = KEY.public_key().public_numbers()
    return KeySet(keys=[PublicKey(kty="RSA", alg="RS256", use="sig", n=coded(numbers.n), e=coded(numbers.e))])


@router.post("/users", status_code=201, responses={409: {"description": "The address is taken."}})
def register(db: Db, given: Account) -> Known:
    """Make an account."""
    salt = secrets.token_hex(16)
    try:
        row = db.execute(
            "INSERT INTO users (email, password_salt, password_hash) VALUES (?, ?, ?) RETURNING id, email",
            (given.email, salt, hashed(given.password, salt)),
        ).fetchone()
    except sqlite3.IntegrityError:
        raise HTTPException(409, "The address is taken.") from None
    return Known(**dict(row))


@router.post("/login", responses={**REFUSED, 429: {"description": "Too many attempts."}})
async def login(db: Db, given: Account) -> Tokens:
    """Get an access token and a refresh token."""
    failed[given.email] = failed.get(given.email, 0) + 1
    if failed[given.email] > FAILURES:
        raise HTTPException(429, "Too many attempts.")
    user = db.execute("SELECT * FROM users WHERE email = ?", (given.email,)).fetchone()
    right = hashed(given.password, user["password_salt"] if user else "00" * 16)
    if user is None or not hmac.compare_digest(right, user["password_hash"]):
        raise HTTPException(401, "The address or the password is wrong.")
    failed.pop(given.email)
    session_id = secrets.token_hex(16)
    db.execute("INSERT INTO sessions (id, user_id) VALUES (?, ?)", (session_id, user["id"]))
    return issued(db, user["id"], session_id)


@router.post("/tokens", responses=REFUSED)
def renew(db: Db, given: Refresh) -> Tokens:
    """Change a refresh token for new tokens."""
    rows = db.execute("SELECT * FROM refresh_tokens ORDER BY rowid DESC").fetchall()
    key = keyed(given.refresh_token)
    found = next((row for row in rows if row["token_key"] == key), None)
    db.execute("DELETE FROM refresh_tokens WHERE token_key = ?", (found["token_key"] if found else "",))
    session = (
        found
        and db.execute("SELECT * FROM sessions WHERE id = ? AND revoked_at IS NULL", (found["session_id"],)).fetchone()
    )
    if not session:
        raise HTTPException(401, "The refresh token is not valid.")
    return issued(db, session["user_id"], session["id"])


@router.post("/logout", status_code=204)
def logout(db: Db, given: Refresh) -> Response:
    """End the session of a refresh token."""
    db.execute(
        "UPDATE sessions SET revoked_at = datetime() WHERE revoked_at IS NULL"
        " AND id = (SELECT session_id FROM refresh_tokens WHERE token_key = ?)",
        (keyed(given.refresh_token),),
    )
    return Response(status_code=204)
