"""Connections and transactions of the SQLite database."""

import math
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from sqlalchemy import event
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import IntegrityError
from sqlalchemy.pool import QueuePool
from sqlmodel import Session, create_engine

from app.errors import Conflict
from app.settings import Settings, get_settings

# The progress handler is asked after this many virtual machine instructions.
PROGRESS_STEPS = 10000


class TimedConnection(sqlite3.Connection):
    """A connection that interrupts a statement after its deadline."""

    deadline: float = math.inf

    def is_late(self) -> bool:
        """Tell SQLite whether to interrupt."""
        return time.monotonic() > self.deadline


class Database:
    """The pool and the two kinds of transaction."""

    def __init__(self, settings: Settings) -> None:
        """Prepare the pool; nothing is connected yet."""
        url = make_url(settings.database_url).set(drivername="sqlite")
        path = os.path.abspath(url.database or "")
        # mode=rw: a missing file is an error and is not created.
        self._uri = f"file:{quote(path)}?mode=rw"
        self._busy_ms = settings.db_busy_timeout_ms
        self._statement_seconds = settings.db_statement_timeout_ms / 1000
        self.engine = create_engine(
            url,
            creator=self._connect,
            poolclass=QueuePool,
            pool_size=settings.db_pool_size,
            max_overflow=0,
            pool_timeout=settings.db_pool_timeout_seconds,
            hide_parameters=True,
        )
        event.listen(self.engine, "begin", self._begin)
        event.listen(
            self.engine, "before_cursor_execute", self._before_statement
        )
        self._writer = self.engine.execution_options(parking_write=True)

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._uri,
            uri=True,
            timeout=self._busy_ms / 1000,
            isolation_level=None,
            check_same_thread=False,
            factory=TimedConnection,
        )
        try:
            connection.execute("PRAGMA foreign_keys = ON").close()
            connection.set_progress_handler(connection.is_late, PROGRESS_STEPS)
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    @staticmethod
    def _begin(connection: Connection) -> None:
        if connection.get_execution_options().get("parking_write"):
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.exec_driver_sql("BEGIN DEFERRED")

    def _before_statement(
        self,
        _connection: Connection,
        cursor: Any,
        _statement: str,
        _parameters: Any,
        _context: Any,
        _many: bool,
    ) -> None:
        timed = cursor.connection
        if isinstance(timed, TimedConnection):
            timed.deadline = time.monotonic() + self._statement_seconds

    @contextmanager
    def read(self) -> Iterator[Session]:
        """Open one deferred transaction that only reads."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Open one transaction that holds the write lock from its begin."""
        with Session(self._writer, expire_on_commit=False) as session:
            try:
                with session.begin():
                    yield session
            except IntegrityError:
                raise Conflict(
                    "A state or a unique value forbids this."
                ) from None

    def close(self) -> None:
        """Close the pooled connections."""
        self.engine.dispose()


@lru_cache(maxsize=1)
def get_database() -> Database:
    """Return the database of this process."""
    return Database(get_settings())
