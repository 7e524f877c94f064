"""Passwords, tokens, and who is calling."""

import hashlib
import secrets
import time
from dataclasses import dataclass
from typing import Annotated

import jwt
from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pwdlib import PasswordHash

from app.database import Db, one, transaction
from app.problems import ProblemError
from app.settings import ATTEMPTS_PER_WINDOW, TOKEN_SECONDS, WINDOW_SECONDS, settings

ISSUER = "kiosk"
BAD_TOKEN = ProblemError(401, "A valid access token is required.")
NOT_AUTHENTICATED = ProblemError(401, "The address or the password is wrong.")

hasher = PasswordHash.recommended()
# Verified when there is no such customer, so that both refusals take as long.
NOBODY = hasher.hash(secrets.token_urlsafe(24))

scheme = HTTPBearer(scheme_name="accessToken", description="An access token from /login.", auto_error=False)


@dataclass(frozen=True)
class Caller:
    """Who is calling."""

    id: int
    is_staff: bool

    @property
    def only(self) -> int | None:
        """The customer whose rows they see, None for all."""
        return None if self.is_staff else self.id


def authenticate(email: str, password: str) -> int:
    """The customer with this address and password.

    Each attempt is counted before the password is looked at, so that attempts at the same time count too.
    """
    digest = hashlib.sha256(email.encode()).hexdigest()
    with transaction() as db:
        attempts = _count_attempt(db, digest)
        row = one(db, "SELECT id, password_hash FROM customers WHERE email = %s AND is_active", email)
    if attempts > ATTEMPTS_PER_WINDOW:
        raise ProblemError(429, "Too many attempts for this address.", retry_after=WINDOW_SECONDS)
    right = hasher.verify(password, row["password_hash"] if row else NOBODY)
    if row is None or not right:
        raise NOT_AUTHENTICATED
    with transaction() as db:
        db.execute("DELETE FROM login_attempts WHERE email_digest = %s", (digest,))
    return int(row["id"])


def _count_attempt(db: Db, digest: str) -> int:
    db.execute(
        "DELETE FROM login_attempts WHERE window_started_at < CURRENT_TIMESTAMP(6) - INTERVAL %s SECOND",
        (WINDOW_SECONDS,),
    )
    db.execute(
        "INSERT INTO login_attempts (email_digest) VALUES (%s) "
        "ON DUPLICATE KEY UPDATE attempts = LEAST(attempts + 1, 1000000)",
        (digest,),
    )
    row = one(db, "SELECT attempts FROM login_attempts WHERE email_digest = %s", digest)
    return int(row["attempts"]) if row else 1


def issue(customer_id: int) -> str:
    """A signed access token."""
    now = int(time.time())
    claims = {"iss": ISSUER, "sub": str(customer_id), "iat": now, "exp": now + TOKEN_SECONDS}
    return jwt.encode(claims, settings().jwt_secret, algorithm="HS256")


def _subject(token: str) -> int:
    try:
        claims = jwt.decode(token, settings().jwt_secret, algorithms=["HS256"], options={"require": ["exp", "sub"]})
    except jwt.InvalidTokenError:
        raise BAD_TOKEN from None
    subject = claims["sub"]
    if not (subject.isascii() and subject.isdigit() and len(subject) <= 16):
        raise BAD_TOKEN
    return int(subject)


def current(given: Annotated[HTTPAuthorizationCredentials | None, Depends(scheme)]) -> Caller:
    """The caller, whose row says what they may do."""
    if given is None:
        raise BAD_TOKEN
    customer_id = _subject(given.credentials)
    with transaction() as db:
        row = one(db, "SELECT role FROM customers WHERE id = %s AND is_active", customer_id)
    if row is None:
        raise BAD_TOKEN
    return Caller(customer_id, row["role"] == "staff")


def staff(caller: Annotated[Caller, Depends(current)]) -> Caller:
    """The caller, who is staff."""
    if not caller.is_staff:
        raise ProblemError(403, "Only staff may do this.")
    return caller


Anybody = Annotated[Caller, Depends(current)]
Staff = Annotated[Caller, Depends(staff)]
