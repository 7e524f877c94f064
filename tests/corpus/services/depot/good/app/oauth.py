"""OAuth 2.0 client credentials (RFC 6749, section 4.4): secrets, tokens, and who is calling."""

import base64
import binascii
import re
import secrets
import time
from dataclasses import dataclass
from typing import Annotated

import jwt
from fastapi import Request, Security
from fastapi.openapi.models import OAuthFlowClientCredentials, OAuthFlows
from fastapi.security import OAuth2, SecurityScopes
from pwdlib import PasswordHash

from app.database import Db, transaction
from app.problems import ProblemError
from app.settings import ATTEMPTS_PER_WINDOW, TOKEN_SECONDS, WINDOW_SECONDS, settings

ISSUER = "depot"
SCOPES = {
    "stock:read": "See warehouses, products and stock.",
    "stock:write": "Move and reserve stock.",
    "admin": "Keep clients, warehouses, suppliers, products and receipts.",
}
BAD_TOKEN = ProblemError(401, "A valid access token is required.")

NOT_AUTHENTICATED = ProblemError(401, "The client could not be authenticated.", error="invalid_client")
CREDENTIAL = re.compile(r"[\x21-\x7e]{1,64}")
MAX_SECRET = 200

hasher = PasswordHash.recommended()
# Verified when there is no such client, so that both refusals take as long.
NOBODY = hasher.hash(secrets.token_urlsafe(24))

scheme = OAuth2(
    scheme_name="clientCredentials",
    description="An access token from /token. A client authenticates there with its key and secret.",
    auto_error=False,
    flows=OAuthFlows(clientCredentials=OAuthFlowClientCredentials(tokenUrl="/token", scopes=SCOPES)),
)


@dataclass(frozen=True)
class Caller:
    """The client that is calling, with the scopes that both its token and its row have."""

    id: int
    scopes: frozenset[str]

    @property
    def is_admin(self) -> bool:
        """Whether it keeps the depot."""
        return "admin" in self.scopes

    @property
    def only(self) -> int | None:
        """The client whose rows it sees, None for all."""
        return None if self.is_admin else self.id


def basic(authorization: str | None) -> tuple[str, str] | None:
    """Key and secret of an Authorization header of the scheme Basic; None if there is none."""
    kind, _, encoded = (authorization or "").partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        key, colon, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        raise NOT_AUTHENTICATED from None
    return (key, secret) if colon else None


def authenticate(key: str, secret: str) -> tuple[int, frozenset[str]]:
    """The id and the scopes of the client with this key and secret.

    Each attempt is counted before the secret is looked at, so that attempts at the same time count too.
    """
    if not CREDENTIAL.fullmatch(key) or len(secret) > MAX_SECRET:
        raise NOT_AUTHENTICATED
    with transaction() as db:
        _count_attempt(db, key)
        row = db.execute(
            "select id, secret_hash from clients where client_key = %s and disabled_at is null", (key,)
        ).fetchone()
    right = hasher.verify(secret, row["secret_hash"] if row else NOBODY)
    if row is None or not right:
        raise NOT_AUTHENTICATED
    with transaction() as db:
        db.execute("delete from token_attempts where client_key = %s", (key,))
        scopes = _scopes(db, row["id"])
    return row["id"], scopes


def _scopes(db: Db, client_id: int) -> frozenset[str]:
    rows = db.execute("select scope from client_scopes where client_id = %s limit 10", (client_id,)).fetchall()
    return frozenset(row["scope"] for row in rows)


def _count_attempt(db: Db, key: str) -> None:
    db.execute(
        "delete from token_attempts where window_started_at < now() - make_interval(secs => %s)", (WINDOW_SECONDS,)
    )
    row = db.execute(
        "insert into token_attempts (client_key) values (%s) "
        "on conflict (client_key) do update set attempts = least(token_attempts.attempts + 1, 1000000) "
        "returning attempts",
        (key,),
    ).fetchone()
    if row is not None and row["attempts"] > ATTEMPTS_PER_WINDOW:
        # Raised inside the transaction the count would be lost; it is at its limit already.
        raise ProblemError(429, "Too many attempts for this client.", error="slow_down", retry_after=WINDOW_SECONDS)


def issue(client_id: int, scopes: frozenset[str]) -> str:
    """A signed access token."""
    now = int(time.time())
    claims = {
        "iss": ISSUER,
        "sub": str(client_id),
        "scope": " ".join(sorted(scopes)),
        "iat": now,
        "exp": now + TOKEN_SECONDS,
    }
    return jwt.encode(claims, settings().jwt_secret, algorithm="HS256")


def _claims(token: str) -> tuple[int, frozenset[str]]:
    try:
        claims = jwt.decode(
            token, settings().jwt_secret, algorithms=["HS256"], options={"require": ["exp", "sub", "scope"]}
        )
        subject, scope = claims["sub"], claims["scope"]
        if not (isinstance(scope, str) and subject.isascii() and subject.isdigit() and len(subject) <= 16):
            raise BAD_TOKEN
    except jwt.InvalidTokenError:
        raise BAD_TOKEN from None
    return int(subject), frozenset(scope.split())


def current(request: Request, wanted: SecurityScopes, _token: Annotated[str | None, Security(scheme)] = None) -> Caller:
    """The caller, whose token and whose row both have the wanted scopes."""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token:
        raise BAD_TOKEN
    client_id, granted = _claims(token)
    with transaction() as db:
        row = db.execute("select id from clients where id = %s and disabled_at is null", (client_id,)).fetchone()
        if row is None:
            raise BAD_TOKEN
        caller = Caller(client_id, granted & _scopes(db, client_id))
    if not caller.scopes.issuperset(wanted.scopes):
        raise ProblemError(403, f"The token lacks the scope {' '.join(wanted.scopes)}.")
    return caller


Reader = Annotated[Caller, Security(current, scopes=["stock:read"])]
Writer = Annotated[Caller, Security(current, scopes=["stock:write"])]
Admin = Annotated[Caller, Security(current, scopes=["admin"])]


def new_client(db: Db, label: str, scopes: list[str]) -> dict[str, object]:
    """Make a client. The secret is in the answer and nowhere else."""
    key, secret = f"dp_{secrets.token_hex(10)}", secrets.token_urlsafe(32)
    row = db.execute(
        "insert into clients (client_key, secret_hash, label) values (%s, %s, %s) "
        "returning id, client_key, label, created_at",
        (key, hasher.hash(secret), label),
    ).fetchone()
    made = {**(row or {}), "client_secret": secret, "scopes": scopes}
    db.execute("insert into client_scopes (client_id, scope) select %s, unnest(%s::text[])", (made["id"], list(scopes)))
    return made
