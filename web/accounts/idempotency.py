"""Keys of requests that must not have their effect twice, each bound to a person and to what was asked.

The key is kept before the effect, with the id of the run that it will make. A process that
dies between the two leaves a key whose run is not there yet: the same request makes it then,
under that id, and two at once make it once.
"""

from __future__ import annotations

import hashlib

import sqlalchemy as sa
from ulid import ULID

from web.accounts.database import Database
from web.accounts.people import Person
from web.accounts.schema import KEYS

KEPT = 86400.0
"""Seconds."""


class Reused(Exception):
    """The key was sent before with another request."""


class Keys:
    """The keys of the last day."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(self, person: Person, key: str, asked: str) -> str:
        """The id of the run that this request makes, or made before.

        Raises:
            Reused: the key belongs to another request.
        """
        now = self._database.now()
        content = hashlib.sha256(asked.encode("utf-8", "replace")).hexdigest()
        with self._database.writing() as connection:
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql("LOCK TABLE idempotency_keys IN EXCLUSIVE MODE")
            connection.execute(KEYS.delete().where((KEYS.c.created < now - KEPT) | (KEYS.c.run == "")))
            row = connection.execute(sa.select(KEYS).where(self._mine(person, key))).mappings().first()
            if row is None:
                run = str(ULID())
                values = {"person": person.id, "digest": _digest(key), "content": content, "run": run, "created": now}
                connection.execute(KEYS.insert().values(values))
                return run
        if row["content"] != content:
            raise Reused
        return str(row["run"])

    def give_back(self, person: Person, key: str) -> None:
        """The request of a claimed key was refused: the key is free again."""
        with self._database.writing() as connection:
            connection.execute(KEYS.delete().where(self._mine(person, key)))

    def _mine(self, person: Person, key: str) -> sa.ColumnElement[bool]:
        """The row of a person's key."""
        return (KEYS.c.person == person.id) & (KEYS.c.digest == _digest(key))


def _digest(key: str) -> str:
    """Keys are the callers' own texts; a digest has one length."""
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
