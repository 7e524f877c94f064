"""All of the accounts over one database."""

from __future__ import annotations

import time

from web.accounts.database import Clock, Database
from web.accounts.door import Door
from web.accounts.idempotency import Keys
from web.accounts.people import People
from web.accounts.sessions import Sessions
from web.accounts.tokens import Tokens


class Accounts:
    """People, sessions, tokens and the door, over one open database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.people = People(database)
        self.sessions = Sessions(database)
        self.tokens = Tokens(database)
        self.door = Door(database)
        self.keys = Keys(database)

    @classmethod
    def open(cls, url: str | None = None, clock: Clock = time.time) -> Accounts:
        """The accounts at the run history's URL (None: the user's own), made or migrated as needed.

        Raises JournalError.
        """
        return cls(Database(url, clock))

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    def exist(self) -> bool:
        """Whether anybody has an account; where nobody has, the machine's own user is let in."""
        return self.people.exist()
