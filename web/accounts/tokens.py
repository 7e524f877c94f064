"""API tokens: shown once, kept as a digest, with a role of their own and an end."""

from __future__ import annotations

import math
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from ulid import ULID

from assistant.errors import UsageError
from web.accounts.database import Database
from web.accounts.people import Person, person_of
from web.accounts.role import Role
from web.accounts.schema import PEOPLE, TOKENS
from web.accounts.sessions import NOTED_EVERY, digest

PREFIX = "bw_"
"""So that people and secret scanners know one when they see it."""

MOST = 50
"""Tokens of one person."""

DAYS_DEFAULT, DAYS_MOST = 90, 366
"""How long a token holds."""


@dataclass(frozen=True)
class Token:
    """A token as its owner sees it; times in seconds since 1970."""

    id: str
    name: str
    role: Role
    created: float
    expires: float
    used: float | None
    """The last time, to the minute; None for never."""


@dataclass(frozen=True)
class Bearer:
    """Whose a token is, and what it may."""

    person: Person
    role: Role
    """The lower one of the token's and the person's."""
    expires: float


class Tokens:
    """The tokens that hold."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def make(
        self, person: Person, name: str, role: Role, days: int = DAYS_DEFAULT, *, until: float = math.inf
    ) -> tuple[Token, str]:
        """A new token and its text, which is told once; it ends after `days`, at `until` at the latest.

        Raises UsageError.
        """
        name = " ".join(name.split())
        if not name or len(name) > 64 or not name.isprintable():
            raise UsageError("a token's name has 1 to 64 printable characters")
        if not person.role.may(role):
            raise UsageError(f"a token cannot be {role.value}: its owner is {person.role.value}")
        if not 1 <= days <= DAYS_MOST:
            raise UsageError(f"a token holds for 1 to {DAYS_MOST} days")
        text, now = PREFIX + secrets.token_urlsafe(32), self._database.now()
        row: dict[str, Any] = {
            "id": str(ULID()),
            "digest": digest(text),
            "person": person.id,
            "name": name,
            "role": role.value,
        }
        row |= {"created": now, "expires": min(until, now + days * 86400.0), "used": None}
        with self._database.writing() as connection:
            connection.execute(TOKENS.delete().where(TOKENS.c.expires <= now))
            count = sa.select(sa.func.count()).select_from(TOKENS).where(TOKENS.c.person == person.id)
            if (connection.scalar(count) or 0) >= MOST:
                raise UsageError(f"one person has at most {MOST} tokens", "revoke one that is not used")
            connection.execute(TOKENS.insert().values(row))
        return _token(row), text

    def of(self, person: Person, *, after: str = "", limit: int = MOST) -> list[Token]:
        """The person's tokens in the order in which they were made, from behind the id `after`."""
        query = (
            sa.select(TOKENS)
            .where(TOKENS.c.person == person.id, TOKENS.c.id > after, TOKENS.c.expires > self._database.now())
            .order_by(TOKENS.c.id)
            .limit(limit)
        )
        with self._database.reading() as connection:
            rows = connection.execute(query).mappings().all()
        return [_token(row) for row in rows]

    def get(self, person: Person, token: str) -> Token | None:
        """One of the person's own tokens that hold, or None."""
        mine = (TOKENS.c.id == token) & (TOKENS.c.person == person.id) & (TOKENS.c.expires > self._database.now())
        with self._database.reading() as connection:
            row = connection.execute(sa.select(TOKENS).where(mine)).mappings().first()
        return _token(row) if row else None

    def revoke(self, person: Person, token: str) -> bool:
        """End one of the person's own tokens; whether there was such a one."""
        with self._database.writing() as connection:
            mine = (TOKENS.c.id == token) & (TOKENS.c.person == person.id)
            return connection.execute(TOKENS.delete().where(mine)).rowcount > 0

    def find(self, text: str) -> Bearer | None:
        """Whose token this is; None where it does not hold."""
        if not text.startswith(PREFIX):
            return None
        now = self._database.now()
        query = (
            sa.select(
                PEOPLE, TOKENS.c.id.label("token"), TOKENS.c.role.label("granted"), TOKENS.c.expires, TOKENS.c.used
            )
            .join(TOKENS, TOKENS.c.person == PEOPLE.c.id)
            .where(TOKENS.c.digest == digest(text), TOKENS.c.expires > now, PEOPLE.c.disabled.is_(False))
        )
        with self._database.reading() as connection:
            row = connection.execute(query).mappings().first()
        if row is None:
            return None
        if now - (row["used"] or 0.0) >= NOTED_EVERY:
            with self._database.writing() as connection:
                connection.execute(TOKENS.update().where(TOKENS.c.id == row["token"]).values(used=now))
        person, granted = person_of(row), Role(row["granted"])
        return Bearer(person, granted if person.role.may(granted) else person.role, row["expires"])


def _token(row: Mapping[Any, Any]) -> Token:
    """A row of `api_tokens`."""
    return Token(row["id"], row["name"], Role(row["role"]), row["created"], row["expires"], row["used"])
