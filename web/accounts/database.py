"""The accounts' connection: the engine of the run history, with the same transactions."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from assistant.journal import default_url
from assistant.journal_engine import clear_errors, open_engine
from web.accounts.schema import migrate

Clock = Callable[[], float]
"""Seconds since 1970."""


class Database:
    """An open database, its tables brought up to date. Methods raise JournalError with one line."""

    def __init__(self, url: str | None = None, clock: Clock = time.time) -> None:
        self.now = clock
        self._engine = open_engine(url or default_url())
        try:
            with self.writing() as connection:
                migrate(connection)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """A transaction that writes; it is committed at the end."""
        with clear_errors(self._engine):
            engine = self._engine.execution_options(writes=True)
            with engine.begin() as connection:
                yield connection

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A connection that reads."""
        with clear_errors(self._engine), self._engine.connect() as connection:
            yield connection
