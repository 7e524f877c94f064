"""Passwords, API keys, and who is calling."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Security
from fastapi.security import APIKeyHeader
from pwdlib import PasswordHash
from sqlalchemy import case, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from app.config import config
from app.db import unit
from app.errors import Refusal
from app.tables import ApiKey, SignInAttempt, User

MAX_ATTEMPTS = 10
WINDOW_SECONDS = 900
KEY_LENGTH = 46

hasher = PasswordHash.recommended()
# Compared when nobody has the address: the answer then takes as long as any other.
ABSENT = hasher.hash(secrets.token_hex(16))
header = APIKeyHeader(name="X-API-Key", scheme_name="apiKey", description="A key from POST /keys.", auto_error=False)


@dataclass(frozen=True)
class Caller:
    """The user whose key was sent."""

    id: UUID
    role: str

    @property
    def is_admin(self) -> bool:
        """Whether rooms and credits are theirs to keep."""
        return self.role == "admin"


def digest(kind: str, text: str) -> str:
    """What is stored in place of a key or an address."""
    secret = config().jwt_secret.get_secret_value().encode()
    return hmac.new(secret, f"{kind}:{text}".encode(), hashlib.sha256).hexdigest()


def new_key() -> str:
    """A key, 256 bits of chance."""
    return f"bk_{secrets.token_urlsafe(32)}"


def sign_in(email: str, password: str) -> UUID:
    """The id of the user with this address and password. Raises Refusal (401, 429)."""
    address = digest("address", email)
    old = func.now() - func.make_interval(0, 0, 0, 0, 0, 0, WINDOW_SECONDS)
    with unit() as session:
        session.execute(delete(SignInAttempt).where(SignInAttempt.first_at < old))
        # Counted before the password is looked at: attempts at the same time count too.
        count = insert(SignInAttempt).values(address_digest=address)
        more = case((SignInAttempt.attempts < 1000, SignInAttempt.attempts + 1), else_=1000)
        attempts = session.scalar(
            count.on_conflict_do_update(index_elements=["address_digest"], set_={"attempts": more}).returning(
                SignInAttempt.attempts
            )
        )
        user = session.execute(select(User.id, User.password_hash).where(User.email == email)).first()
    if attempts is None or attempts > MAX_ATTEMPTS:
        raise Refusal(429, "slow_down", "Try again later.", {"Retry-After": str(WINDOW_SECONDS)})
    right = hasher.verify(password, user.password_hash if user else ABSENT)
    if user is None or not right:
        raise Refusal(401, "wrong_credentials", "Address or password is wrong.", {"WWW-Authenticate": "ApiKey"})
    with unit() as session:
        session.execute(delete(SignInAttempt).where(SignInAttempt.address_digest == address))
    found: UUID = user.id
    return found


def caller(key: Annotated[str | None, Security(header)]) -> Caller:
    """Who is calling. Raises Refusal (401)."""
    refusal = Refusal(401, "key_refused", "A valid API key is required.", {"WWW-Authenticate": "ApiKey"})
    if key is None or len(key) > KEY_LENGTH or not key.isascii():
        raise refusal
    with unit() as session:
        found = session.execute(
            select(User.id, User.role)
            .join(ApiKey, ApiKey.user_id == User.id)
            .where(ApiKey.key_digest == digest("key", key), ApiKey.revoked_at.is_(None))
        ).first()
    if found is None:
        raise refusal
    return Caller(found.id, found.role)


def admin(who: Annotated[Caller, Depends(caller)]) -> Caller:
    """The caller, who is an administrator. Raises Refusal (401, 403)."""
    if not who.is_admin:
        raise Refusal(403, "admins_only", "Only an administrator may do this.")
    return who


Signed = Annotated[Caller, Depends(caller)]
Admin = Annotated[Caller, Depends(admin)]
