"""Sessions of signed-in people, known by the digest of a random token alone."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from ulid import ULID

from web.accounts.database import Database
from web.accounts.people import Person, person_of
from web.accounts.schema import PEOPLE, SESSIONS

IDLE = 12 * 3600.0
"""Seconds without a request after which a session ends."""

LONGEST = 7 * 86400.0
"""Seconds after which every session ends."""

NOTED_EVERY = 60.0
"""Seconds; a request within that time of the last does not write."""


@dataclass(frozen=True)
class Session:
    """A session as its owner sees it; times in seconds since 1970."""

    id: str
    created: float
    seen: float
    expires: float
    agent: str
    """What the browser calls itself."""
    address: str


@dataclass(frozen=True)
class SignedIn:
    """Who a session's token belongs to."""

    person: Person
    session: str
    """The session's id."""


def digest(token: str) -> str:
    """What is kept of a token. Tokens are random and long, so a plain hash does."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


class Sessions:
    """The open sessions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, person: Person, agent: str = "", address: str = "") -> str:
        """A new session; its token, which is told once. Ended ones are swept out."""
        token, now = secrets.token_urlsafe(32), self._database.now()
        row: dict[str, Any] = {
            "id": str(ULID()),
            "digest": digest(token),
            "person": person.id,
            "created": now,
            "seen": now,
        }
        row |= {"expires": now + LONGEST, "agent": _plain(agent)[:200], "address": address[:64]}
        with self._database.writing() as connection:
            over = (SESSIONS.c.expires < now) | (SESSIONS.c.seen < now - IDLE)
            connection.execute(SESSIONS.delete().where(over))
            connection.execute(SESSIONS.insert().values(row))
        return token

    def find(self, token: str) -> SignedIn | None:
        """Who a token belongs to, while the session lasts and the person may sign in; a sign of life is noted."""
        now = self._database.now()
        query = (
            sa.select(PEOPLE, SESSIONS.c.id.label("session"), SESSIONS.c.seen)
            .join(SESSIONS, SESSIONS.c.person == PEOPLE.c.id)
            .where(SESSIONS.c.digest == digest(token), SESSIONS.c.expires > now, SESSIONS.c.seen > now - IDLE)
            .where(PEOPLE.c.disabled.is_(False))
        )
        with self._database.reading() as connection:
            row = connection.execute(query).mappings().first()
        if row is None:
            return None
        if now - row["seen"] >= NOTED_EVERY:
            with self._database.writing() as connection:
                connection.execute(SESSIONS.update().where(SESSIONS.c.id == row["session"]).values(seen=now))
        return SignedIn(person_of(row), row["session"])

    def of(self, person: Person) -> list[Session]:
        """The person's open sessions, the latest first."""
        now = self._database.now()
        query = (
            sa.select(SESSIONS)
            .where(SESSIONS.c.person == person.id, SESSIONS.c.expires > now, SESSIONS.c.seen > now - IDLE)
            .order_by(SESSIONS.c.seen.desc(), SESSIONS.c.id)
        )
        names = ("id", "created", "seen", "expires", "agent", "address")
        with self._database.reading() as connection:
            rows = connection.execute(query).mappings().all()
        return [Session(*(row[name] for name in names)) for row in rows]

    def end(self, person: Person, session: str) -> bool:
        """End one of the person's own sessions; whether there was such a one."""
        with self._database.writing() as connection:
            mine = (SESSIONS.c.id == session) & (SESSIONS.c.person == person.id)
            return connection.execute(SESSIONS.delete().where(mine)).rowcount > 0

    def end_others(self, person: Person, keep: str) -> int:
        """End all of the person's sessions but one; how many."""
        with self._database.writing() as connection:
            others = (SESSIONS.c.id != keep) & (SESSIONS.c.person == person.id)
            return connection.execute(SESSIONS.delete().where(others)).rowcount


def _plain(text: str) -> str:
    """Without what databases and pages refuse."""
    return "".join(character for character in text if character.isprintable()).encode("utf-8", "replace").decode()
