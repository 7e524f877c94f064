"""Keys of requests that must not have their effect twice, each bound to a person and to what was asked.

The key is kept before the effect and the run's id after it. A process that dies between
the two leaves a key without a run; such a key may be used again after a minute.
"""

from __future__ import annotations

import hashlib

import sqlalchemy as sa

from web.accounts.database import Database
from web.accounts.people import Person
from web.accounts.schema import KEYS

KEPT = 86400.0
"""Seconds."""

ABANDONED = 60.0
"""Seconds after which a key without a run counts as left by a dead process."""


class Reused(Exception):
    """The key was sent before with another request."""


class Busy(Exception):
    """The request with this key is at work just now."""


class Keys:
    """The keys of the last day."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(self, person: Person, key: str, asked: str) -> str:
        """Nothing where the key is the caller's now; else the run that the same request made.

        Raises:
            Reused: the key belongs to another request.
            Busy: the first request is not through.
        """
        now = self._database.now()
        mine = self._mine(person, key)
        content = hashlib.sha256(asked.encode("utf-8", "replace")).hexdigest()
        with self._database.writing() as connection:
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql("LOCK TABLE idempotency_keys IN EXCLUSIVE MODE")
            old = (KEYS.c.created < now - KEPT) | ((KEYS.c.run == "") & (KEYS.c.created < now - ABANDONED))
            connection.execute(KEYS.delete().where(old))
            row = connection.execute(sa.select(KEYS).where(mine)).mappings().first()
            if row is None:
                values = {"person": person.id, "digest": _digest(key), "content": content, "run": "", "created": now}
                connection.execute(KEYS.insert().values(values))
                return ""
        if row["content"] != content:
            raise Reused
        if not row["run"]:
            raise Busy
        return str(row["run"])

    def made(self, person: Person, key: str, run: str) -> None:
        """The run that the claimed key made."""
        with self._database.writing() as connection:
            connection.execute(KEYS.update().where(self._mine(person, key)).values(run=run))

    def give_back(self, person: Person, key: str) -> None:
        """The request of a claimed key was refused: the key is free again."""
        with self._database.writing() as connection:
            connection.execute(KEYS.delete().where(self._mine(person, key) & (KEYS.c.run == "")))

    def _mine(self, person: Person, key: str) -> sa.ColumnElement[bool]:
        """The row of a person's key."""
        return (KEYS.c.person == person.id) & (KEYS.c.digest == _digest(key))


def _digest(key: str) -> str:
    """Keys are the callers' own texts; a digest has one length."""
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
