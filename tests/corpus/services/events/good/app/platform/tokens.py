"""Passwords, access tokens and their scopes."""

import asyncio
import secrets
import time
from dataclasses import dataclass
from typing import Annotated

import jwt
from fastapi import Depends
from fastapi.security import OAuth2PasswordBearer, SecurityScopes
from pwdlib import PasswordHash

from app.platform.database import Account, Db
from app.platform.problems import Forbidden, Unauthenticated
from app.platform.settings import settings

SECONDS = 1800
AUDIENCE = "events"
SCOPES = {
    "orders:read": "Read one's orders.",
    "orders:write": "Reserve, pay and cancel tickets.",
    "events:write": "Make and change one's events.",
    "checkin:write": "Check tickets in and refund them, at one's events.",
    "accounts:admin": "Give roles to accounts.",
}
GRANTED = {
    "attendee": ("orders:read", "orders:write"),
    "organiser": ("orders:read", "orders:write", "events:write", "checkin:write"),
    "admin": ("orders:read", "orders:write", "accounts:admin"),
}

_hasher = PasswordHash.recommended()
_unknown = _hasher.hash(secrets.token_hex(16))
# A hash takes 64 MiB, so four at once.
_turns = asyncio.Semaphore(4)

_oauth = OAuth2PasswordBearer(tokenUrl="/oauth/token", scheme_name="oauth", scopes=SCOPES, auto_error=False)


async def hash_password(password: str) -> str:
    """The argon2 hash."""
    async with _turns:
        return await asyncio.to_thread(_hasher.hash, password)


async def password_fits(password: str, stored: str | None) -> bool:
    """Whether it is the account's password; as slow where there is no account."""
    async with _turns:
        fits = await asyncio.to_thread(_hasher.verify, password, stored or _unknown)
    return fits and stored is not None


def issue(account: Account, scopes: list[str]) -> str:
    """A signed access token."""
    now = int(time.time())
    claims = {
        "aud": AUDIENCE,
        "sub": account.id,
        "scope": " ".join(scopes),
        "ver": account.token_version,
        "iat": now,
        "exp": now + SECONDS,
    }
    return jwt.encode(claims, settings().jwt_secret.get_secret_value(), algorithm="HS256")


@dataclass(frozen=True)
class Principal:
    """Who calls."""

    id: str
    role: str


async def principal(db: Db, wanted: SecurityScopes, token: Annotated[str | None, Depends(_oauth)]) -> Principal:
    """The token's account, if the token and the account's role have the scopes. Raises 401 and 403."""
    if token is None:
        raise Unauthenticated
    try:
        claims = jwt.decode(
            token,
            settings().jwt_secret.get_secret_value(),
            algorithms=["HS256"],
            audience=AUDIENCE,
            options={"require": ["aud", "sub", "scope", "ver", "iat", "exp"]},
        )
    except jwt.PyJWTError as error:
        raise Unauthenticated from error
    subject, scope = claims["sub"], claims["scope"]
    account = await db.get(Account, subject) if isinstance(subject, str) and len(subject) == 26 else None
    if account is None or account.token_version != claims["ver"]:
        raise Unauthenticated
    held = set(str(scope).split()) & set(GRANTED[account.role])
    if not held.issuperset(wanted.scopes):
        needed = " ".join(wanted.scopes)
        challenge = f'Bearer error="insufficient_scope", scope="{needed}"'
        raise Forbidden("The token does not have the scope", headers={"WWW-Authenticate": challenge})
    return Principal(account.id, account.role)
