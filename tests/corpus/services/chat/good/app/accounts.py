"""Passwords, tokens, and who is calling."""

import os
import secrets
import time
from dataclasses import dataclass
from typing import Annotated

import jwt
from anyio import CapacityLimiter, to_thread
from cachetools import TTLCache
from fastapi import APIRouter, Depends, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pwdlib import PasswordHash
from sqlalchemy import insert, select

from app import schemas
from app.faults import Fault, faults
from app.store import reading, users, writing
from app.transport import json_only

router = APIRouter(tags=["accounts"])
TOKEN_SECONDS = 3600
MAX_ATTEMPTS = 10
WINDOW_SECONDS = 900
MINIMUM_SECRET = 32
bearer = HTTPBearer(auto_error=False, scheme_name="bearer", bearerFormat="JWT", description="A token from /login.")
hasher = PasswordHash.recommended()
# Verified in place of the hash of a user who is not there, so that the answer takes as long.
NOBODY = hasher.hash(secrets.token_hex(16))


class Doorkeeper:
    """Counts the attempts for each handle, and lets few passwords be hashed at the same time."""

    def __init__(self) -> None:
        self.attempts: TTLCache[str, int] = TTLCache(maxsize=50_000, ttl=WINDOW_SECONDS)
        self.hashing = CapacityLimiter(2)

    def enter(self, handle: str) -> None:
        """Count an attempt before the password is looked at. Raises Fault (429)."""
        count = self.attempts.get(handle, 0)
        if count >= MAX_ATTEMPTS:
            raise Fault(429, "Too many attempts. Try again later.", {"Retry-After": str(WINDOW_SECONDS)})
        self.attempts[handle] = count + 1

    def welcome(self, handle: str) -> None:
        """Forget the attempts of somebody who knew the password."""
        self.attempts.pop(handle, None)

    async def matches(self, password: str, stored: str) -> bool:
        """Whether the password is right; in a thread, for it takes long."""
        return await to_thread.run_sync(hasher.verify, password, stored, limiter=self.hashing)

    async def hashed(self, password: str) -> str:
        """The hash to store."""
        return await to_thread.run_sync(hasher.hash, password, limiter=self.hashing)


def secret() -> str:
    """The key of all signatures. Raises RuntimeError if it is too short."""
    given = os.environ["JWT_SECRET"]
    if len(given) < MINIMUM_SECRET:
        raise RuntimeError(f"JWT_SECRET has fewer than {MINIMUM_SECRET} characters")
    return given


@dataclass(frozen=True)
class Caller:
    """The user whose token was sent."""

    id: int
    handle: str
    is_admin: bool


async def current(given: Annotated[HTTPAuthorizationCredentials | None, Security(bearer)]) -> Caller:
    """The caller. Raises Fault (401)."""
    refusal = Fault(401, "A valid token is required.")
    if given is None:
        raise refusal
    try:
        claims = jwt.decode(given.credentials, secret(), algorithms=["HS256"], options={"require": ["exp", "sub"]})
    except jwt.InvalidTokenError:
        raise refusal from None
    subject = str(claims["sub"])
    if not (subject.isascii() and subject.isdigit() and len(subject) < 17):
        raise refusal
    async with reading() as db:
        query = select(users.c.id, users.c.handle, users.c.is_admin).where(users.c.id == int(subject))
        row = (await db.execute(query)).first()
    if row is None:
        raise refusal
    return Caller(row.id, row.handle, bool(row.is_admin))


User = Annotated[Caller, Depends(current)]


@router.post(
    "/register",
    status_code=201,
    operation_id="register",
    responses=faults(409, 413, 415, 422),
    dependencies=[Depends(json_only)],
)
async def register(body: schemas.Registration, request: Request) -> schemas.Envelope[schemas.User]:
    """Make an account. The handle must be free (409)."""
    keeper: Doorkeeper = request.app.state.doorkeeper
    stored = await keeper.hashed(body.password)
    async with writing() as db:
        made = await db.execute(
            insert(users).values(handle=body.handle, password_hash=stored).returning(users.c.id, users.c.handle)
        )
        row = made.one()
    return schemas.wrap(schemas.User(id=row.id, handle=row.handle))


@router.post(
    "/login", operation_id="login", responses=faults(401, 413, 415, 422, 429), dependencies=[Depends(json_only)]
)
async def login(body: schemas.Login, request: Request) -> schemas.Envelope[schemas.Token]:
    """Get a token for an hour. Ten attempts that fail lock the handle for fifteen minutes (429)."""
    keeper: Doorkeeper = request.app.state.doorkeeper
    keeper.enter(body.handle)
    async with reading() as db:
        query = select(users.c.id, users.c.password_hash).where(users.c.handle == body.handle)
        row = (await db.execute(query)).first()
    right = await keeper.matches(body.password, row.password_hash if row else NOBODY)
    if row is None or not right:
        raise Fault(401, "Handle or password is wrong.")
    keeper.welcome(body.handle)
    now = int(time.time())
    token = jwt.encode({"sub": str(row.id), "iat": now, "exp": now + TOKEN_SECONDS}, secret(), algorithm="HS256")
    return schemas.wrap(schemas.Token(token=token, expires_in=TOKEN_SECONDS))
