"""Passwords: what may be one, and argon2id with the library's present parameters."""

from __future__ import annotations

import threading
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from assistant.errors import UsageError

SHORTEST, LONGEST = 12, 1024
"""Characters."""

AT_ONCE = 2
"""A hash takes 64 MiB: so many are worked out at a time."""

FREE = threading.BoundedSemaphore(AT_ONCE)

HASHER = PasswordHasher()


def refuse_weak(password: str, name: str) -> None:
    """Raise UsageError for a password that is too short, too long, or the name again."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise UsageError(f"a password has {SHORTEST} to {LONGEST} characters", "several words are easy to keep in mind")
    if password.casefold() == name.casefold() or len(set(password)) < 4:
        raise UsageError("this password is too easy to guess", "several words are easy to keep in mind")


def hashed(password: str) -> str:
    """The hash that is kept."""
    with FREE:
        return HASHER.hash(_spelled(password))


def fits(kept: str, password: str) -> bool:
    """Whether a password is the one whose hash is kept; false too for a hash that cannot be read."""
    if len(password) > LONGEST:
        password = ""
    with FREE:
        try:
            return HASHER.verify(kept, _spelled(password))
        except (VerificationError, InvalidHashError):
            return False


def is_old(kept: str) -> bool:
    """Whether a hash was made with other parameters than today's."""
    return HASHER.check_needs_rehash(kept)


def _spelled(password: str) -> bytes:
    """One spelling for what looks the same: keyboards differ in how they compose letters."""
    return unicodedata.normalize("NFC", password).encode("utf-8", "replace")
