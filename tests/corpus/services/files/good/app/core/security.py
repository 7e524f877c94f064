"""Passwords, tokens, and the limit on failed logins."""

import asyncio
import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import jwt
from anyio import to_thread
from cachetools import TTLCache
from pwdlib import PasswordHash

from app.core.config import config
from app.core.errors import ApiError, unauthorized

ISSUER = "files"
ACCESS_SECONDS = 15 * 60
SESSION = timedelta(days=14)
FAILURES = 8
WINDOW_SECONDS = 15 * 60

_hasher = PasswordHash.recommended()
_dummy = _hasher.hash(secrets.token_hex(16))
# Four hashes at once: each takes 64 MiB.
_slots = asyncio.Semaphore(4)
_failures: TTLCache[str, int] = TTLCache(maxsize=50_000, ttl=WINDOW_SECONDS)


async def hash_password(password: str) -> str:
    """The argon2id hash."""
    async with _slots:
        return await to_thread.run_sync(_hasher.hash, password)


async def verify_password(password: str, stored: str | None) -> bool:
    """Whether it is the password; without an account the same work, and False."""
    async with _slots:
        right = await to_thread.run_sync(_hasher.verify, password, stored or _dummy)
    return right and stored is not None


def count_attempt(email: str) -> None:
    """Count a login before it is tried, known address or not. Raises 429 above the limit."""
    count = _failures.get(email, 0) + 1
    if count > FAILURES:
        raise ApiError(429, headers={"Retry-After": str(WINDOW_SECONDS)})
    _failures[email] = count


def forget_attempts(email: str) -> None:
    """After the right password."""
    _failures.pop(email, None)


def new_opaque() -> tuple[str, bytes]:
    """A random token, and what the database keeps of it."""
    token = secrets.token_urlsafe(32)
    return token, opaque_hash(token)


def opaque_hash(token: str) -> bytes:
    """Keyed, so that a copy of the database is of no use."""
    return hmac.new(config().jwt_secret.encode(), token.encode(), hashlib.sha256).digest()


@dataclass(frozen=True)
class Claims:
    """What an access token says."""

    user_id: UUID
    session_id: UUID


def access_token(claims: Claims) -> str:
    """Sign a token for a quarter of an hour."""
    now = int(time.time())
    body = {
        "iss": ISSUER,
        "sub": str(claims.user_id),
        "sid": str(claims.session_id),
        "iat": now,
        "exp": now + ACCESS_SECONDS,
    }
    return jwt.encode(body, config().jwt_secret, algorithm="HS256")


def read_access_token(token: str) -> Claims:
    """The claims of a valid token. Raises 401."""
    try:
        body = jwt.decode(
            token,
            config().jwt_secret,
            algorithms=["HS256"],
            issuer=ISSUER,
            options={"require": ["exp", "iat", "iss", "sub", "sid"]},
        )
        return Claims(UUID(body["sub"]), UUID(body["sid"]))
    except (jwt.PyJWTError, ValueError, AttributeError, TypeError) as error:
        raise unauthorized() from error
