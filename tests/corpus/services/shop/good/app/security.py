"""Passwords, tokens and the caller."""

import hashlib
import hmac
import re
import secrets
from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

import jwt
from fastapi.security import HTTPBearer

from app.database import transaction
from app.errors import UnauthorizedError
from app.repositories import users
from app.settings import get_settings

MAX_ID = 9223372036854775807
TOKEN_LIFE_SECONDS = 3600
SUBJECT = re.compile(r"[1-9][0-9]{0,18}")

SCRYPT_N = 16384
SCRYPT_R = 8
SCRYPT_P = 1
SALT_BYTES = 16
DIGEST_BYTES = 32
SCRYPT_MEMORY = 64 * 1024 * 1024
HASH_PREFIX = ["scrypt", str(SCRYPT_N), str(SCRYPT_R), str(SCRYPT_P)]
HASH_PARTS = 6

bearer = HTTPBearer(
    bearerFormat="JWT",
    scheme_name="bearerAuth",
    description="HS256 token whose sub is the user's id.",
    auto_error=False,
)


@dataclass(frozen=True)
class Caller:
    """The user whom the token names, as the database knows him."""

    id: int
    email: str
    role: str
    created_at: datetime

    @property
    def is_admin(self) -> bool:
        """Whether he is an administrator."""
        return self.role == "admin"


def _digest(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(
        password.encode(),
        salt=salt,
        n=SCRYPT_N,
        r=SCRYPT_R,
        p=SCRYPT_P,
        maxmem=SCRYPT_MEMORY,
        dklen=DIGEST_BYTES,
    )


def hash_password(password: str) -> str:
    """Hash a password with a fresh salt."""
    salt = secrets.token_bytes(SALT_BYTES)
    digest = _digest(password, salt)
    encoded = [b64encode(salt).decode(), b64encode(digest).decode()]
    return "$".join(HASH_PREFIX + encoded)


def _read_hash(stored: str | None) -> tuple[bytes, bytes] | None:
    parts = (stored or "").split("$")
    if len(parts) != HASH_PARTS or parts[:4] != HASH_PREFIX:
        return None
    try:
        salt = b64decode(parts[4], validate=True)
        digest = b64decode(parts[5], validate=True)
    except ValueError:
        return None
    if len(salt) != SALT_BYTES or len(digest) != DIGEST_BYTES:
        return None
    return salt, digest


def verify_password(password: str, stored: str | None) -> bool:
    """Verify a password; without a readable hash as much work is done in vain."""
    readable = _read_hash(stored)
    if readable is None:
        _digest(password, bytes(SALT_BYTES))
        return False
    salt, digest = readable
    return hmac.compare_digest(_digest(password, salt), digest)


def issue_token(user_id: int) -> str:
    """Sign a token for a user."""
    now = int(datetime.now(UTC).timestamp())
    claims = {
        "sub": str(user_id),
        "iat": now,
        "exp": now + TOKEN_LIFE_SECONDS,
        "jti": uuid4().hex,
    }
    secret = get_settings().jwt_secret.get_secret_value()
    return jwt.encode(claims, secret, algorithm="HS256")


def read_subject(token: str) -> int:
    """Verify a token and return the user id that it names."""
    try:
        claims = jwt.decode(
            token,
            get_settings().jwt_secret.get_secret_value(),
            algorithms=["HS256"],
            options={
                "require": ["exp", "sub"],
                "verify_aud": False,
                "verify_iss": False,
                "verify_iat": False,
                "verify_nbf": False,
                "verify_jti": False,
            },
        )
    except (
        jwt.PyJWTError,
        ArithmeticError,
        AttributeError,
        LookupError,
        RecursionError,
        TypeError,
        ValueError,
    ):
        raise UnauthorizedError("A valid token is required.") from None
    subject = claims.get("sub")
    if not isinstance(subject, str) or SUBJECT.fullmatch(subject) is None:
        raise UnauthorizedError("A valid token is required.")
    user_id = int(subject)
    if user_id > MAX_ID:
        raise UnauthorizedError("A valid token is required.")
    return user_id


def authenticate(token: str) -> Caller:
    """Verify a token and load its user."""
    user_id = read_subject(token)
    with transaction() as session:
        user = users.find(session, user_id)
        if user is None:
            raise UnauthorizedError("A valid token is required.")
        return Caller(
            id=user.id,
            email=user.email,
            role=user.role,
            created_at=user.created_at,
        )
