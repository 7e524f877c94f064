"""What names say: words of an identifier, secrets, money, routes that let people in."""

from __future__ import annotations

import functools
import re

_WORD = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+")

_ABOUT = frozenset(
    (
        "at",
        "on",
        "by",
        "required",
        "id",
        "ids",
        "name",
        "expired",
        "expires",
        "expiry",
        "changed",
        "set",
        "policy",
        "hint",
        "length",
        "url",
        "uri",
        "count",
        "strength",
        "status",
        "enabled",
        "type",
        "label",
        "prefix",
        "last4",
        "algorithm",
        "updated",
        "created",
        "version",
        "rotated",
        "before",
        "after",
        "since",
        "until",
        "age",
        "days",
    )
)
_ASKING = frozenset(("has", "is", "must", "needs", "should", "can", "require", "requires"))
_ENTRANCE = frozenset(
    (
        "login",
        "signin",
        "register",
        "registration",
        "signup",
        "token",
        "tokens",
        "auth",
        "authenticate",
        "oauth",
        "oauth2",
        "refresh",
        "forgot",
        "reset",
        "verify",
        "verification",
        "confirm",
        "confirmation",
        "activate",
        "activation",
        "webhook",
        "webhooks",
        "callback",
        "callbacks",
        "health",
        "public",
        "session",
        "sessions",
        "otp",
        "contact",
        "newsletter",
        "subscribe",
        "unsubscribe",
        "authorize",
        "introspect",
    )
)
_MONEY = frozenset(
    ("amount", "price", "balance", "total", "subtotal", "cost", "fee", "salary", "discount", "tax", "payment")
)


def words_of(name: str) -> list[str]:
    """The words of an identifier in lower case: `passwordHash`, `password_hash` -> password, hash."""
    return list(_words(name))


@functools.lru_cache(maxsize=50_000)
def _words(name: str) -> tuple[str, ...]:
    return tuple(word.lower() for word in _WORD.findall(name))


def is_password(name: str) -> bool:
    """Whether the name is that of a password, its hash, or other data that nobody reads back."""
    words = words_of(name)
    if not words or words[-1] in _ABOUT or words[0] in _ASKING:
        return False
    held = set(words)
    if held & {"password", "passwd", "pwd", "passphrase", "cvv", "cvc", "ssn"}:
        return True
    return {"private", "key"} <= held or {"card", "number"} <= held or words in (["salt"], ["pan"])


def is_secret(name: str) -> bool:
    """Whether the name is that of a secret that may be shown once (a signing secret, a one-time token)."""
    words = words_of(name)
    if not words or words[-1] in _ABOUT or words[0] in _ASKING:
        return False
    held = set(words)
    one_time = "token" in held and bool(held & {"reset", "verification", "activation", "confirmation"})
    return "secret" in held or {"api", "key"} <= held or one_time


def is_money(name: str) -> bool:
    """Whether the name is that of an amount of money."""
    words = words_of(name)
    return bool(words) and words[-1] in _MONEY and "tax" not in words[:-1] and words[-1] != "rate"


def is_entrance(path: str) -> bool:
    """Whether a path is one that people use before they have a credential, or a machine calls."""
    return any(word in _ENTRANCE for word in words_of(path.replace("sign-in", "signin").replace("sign-up", "signup")))
