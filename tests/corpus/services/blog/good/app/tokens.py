"""Passwords, random tokens and the keys under which tokens are stored."""

import hashlib
import hmac
import secrets
import threading

from pwdlib import PasswordHash

from app.settings import get_settings

# argon2 takes 64 MB a hash: more at once would let a flood of logins exhaust the memory.
_slots = threading.BoundedSemaphore(4)
_hasher = PasswordHash.recommended()
_nobody = _hasher.hash(secrets.token_urlsafe(16))


def hash_password(password: str) -> str:
    """The argon2 hash of a password."""
    with _slots:
        return _hasher.hash(password)


def password_matches(password: str, stored: str | None) -> bool:
    """Whether the password is right. Without an account the same work is done, and the answer is no."""
    with _slots:
        right = _hasher.verify(password, stored if stored is not None else _nobody)
    return right and stored is not None


def new_token() -> str:
    """256 random bits for a URL or a cookie."""
    return secrets.token_urlsafe(32)


def keyed(purpose: str, value: str) -> str:
    """The HMAC of a value for one purpose; a stolen database gives no token."""
    secret = get_settings().jwt_secret.get_secret_value().encode()
    return hmac.new(secret, f"{purpose}:{value}".encode(), hashlib.sha256).hexdigest()


def same(left: str, right: str) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(left.encode(), right.encode())
