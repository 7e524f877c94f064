"""Signing in: the same time and the same words for an unknown name and a wrong password, and fewer guesses each time.

Failures are counted in the database, for each name and for each address, so the counts
hold over all processes. A guess is counted before it is judged: guesses at the same
moment are no way around.
"""

from __future__ import annotations

import secrets

import sqlalchemy as sa

from web.accounts import passwords
from web.accounts.database import Database
from web.accounts.people import Person, folded, person_of
from web.accounts.schema import ATTEMPTS, PEOPLE
from web.accounts.sessions import digest

FREE = {"name": 5, "address": 20}
"""Failures in a row that cost no waiting."""

LONGEST_WAIT = 900.0
"""Seconds. The wait doubles with each failure from one second on."""

FORGOTTEN = 86400.0
"""Seconds without a failure after which a count begins anew."""


class Refused(Exception):
    """Name and password do not belong together, or nobody may sign in by them."""


class Locked(Exception):
    """Too many failures: nothing is judged for `seconds` more."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"wait {seconds:.0f} s")
        self.seconds = seconds


class Door:
    """Lets people in by name and password."""

    def __init__(self, database: Database) -> None:
        self._database = database
        # Nobody's password, for a name that nobody has: the same work is done.
        self._nobodys = passwords.hashed(secrets.token_urlsafe())

    def enter(self, name: str, password: str, address: str) -> Person:
        """The person of a name and password.

        Raises:
            Refused: they do not belong together, or the person is disabled.
            Locked: too many failures by this name, or from this address.
        """
        keys = [("name", digest("name:" + folded(name))), ("address", digest("address:" + address))]
        self._count(keys)
        query = sa.select(PEOPLE).where(PEOPLE.c.folded == folded(name))
        with self._database.reading() as connection:
            row = connection.execute(query).mappings().first()
        fits = passwords.fits(row["password"] if row else self._nobodys, password)
        if row is None or not fits or row["disabled"]:
            raise Refused
        self._forgive(keys)
        if passwords.is_old(row["password"]):
            self._hash_again(row["id"], row["password"], password)
        return person_of(row)

    def _count(self, keys: list[tuple[str, str]]) -> None:
        """Count a guess against each key. Raises Locked, without counting, while one of them has to wait."""
        now = self._database.now()
        with self._database.writing() as connection:
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql("LOCK TABLE sign_in_attempts IN EXCLUSIVE MODE")
            connection.execute(ATTEMPTS.delete().where(ATTEMPTS.c.last < now - FORGOTTEN))
            query = sa.select(ATTEMPTS).where(ATTEMPTS.c.digest.in_([key for _, key in keys]))
            known = {row["digest"]: row for row in connection.execute(query).mappings()}
            wait = max((row["until"] - now for row in known.values()), default=0.0)
            if wait > 0:
                raise Locked(wait)
            for kind, key in keys:
                failures = known[key]["failures"] + 1 if key in known else 1
                over = failures - FREE[kind]
                until = now + min(LONGEST_WAIT, 2.0 ** min(over, 20)) if over >= 0 else 0.0
                values = {"failures": failures, "last": now, "until": until}
                if key in known:
                    connection.execute(ATTEMPTS.update().where(ATTEMPTS.c.digest == key).values(values))
                else:
                    connection.execute(ATTEMPTS.insert().values(digest=key, **values))

    def _forgive(self, keys: list[tuple[str, str]]) -> None:
        """Take back what a right guess was counted: all for its name, one for its address."""
        (_, name), (_, address) = keys
        with self._database.writing() as connection:
            connection.execute(ATTEMPTS.delete().where(ATTEMPTS.c.digest == name))
            one_less = {"failures": ATTEMPTS.c.failures - 1, "until": 0.0}
            connection.execute(ATTEMPTS.update().where(ATTEMPTS.c.digest == address).values(one_less))

    def _hash_again(self, person: str, before: str, password: str) -> None:
        """Keep the password under today's parameters, unless it was changed meanwhile."""
        same = (PEOPLE.c.id == person) & (PEOPLE.c.password == before)
        after = passwords.hashed(password)
        with self._database.writing() as connection:
            connection.execute(PEOPLE.update().where(same).values(password=after))
