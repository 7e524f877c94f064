"""The run history's database: SQLite or PostgreSQL behind one engine, and its errors as one line."""

from __future__ import annotations

import datetime
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from assistant.errors import JournalError

BUSY_SECONDS = 10
"""How long a write waits for another process's."""

ALONE = 0x6261636C
"""PostgreSQL's advisory lock while the queue's tables are made."""


def open_engine(url: str) -> sa.Engine:
    """The engine for a URL; for SQLite its folder is made. Raises JournalError."""
    try:
        parsed = sa.make_url(url)
        if parsed.drivername in ("postgres", "postgresql"):
            parsed = parsed.set(drivername="postgresql+psycopg")
        file = parsed.database or ""
        if parsed.get_backend_name() == "sqlite":
            if file not in ("", ":memory:") and not file.startswith("file:"):
                Path(file).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            engine = sa.create_engine(parsed, connect_args={"timeout": BUSY_SECONDS})
            _prepare_sqlite(engine)
            return engine
        return sa.create_engine(parsed, pool_pre_ping=True)
    except (sa.exc.ArgumentError, sa.exc.NoSuchModuleError, ImportError, ValueError) as error:
        raise JournalError(f"the run history's URL cannot be used: {_first_line(error)}") from None
    except OSError as error:
        raise JournalError(f"the run history's folder cannot be made: {error.strerror or error}") from None


def _prepare_sqlite(engine: sa.Engine) -> None:
    """WAL, foreign keys, and transactions that take the write lock when they begin.

    The driver would begin late and could then not wait for another process's write.
    """

    @sa.event.listens_for(engine, "connect")
    def connected(connection: Any, record: Any) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA synchronous=FULL")
        if not connection.execute("PRAGMA query_only").fetchone()[0]:
            _to_wal(connection)

    @sa.event.listens_for(engine, "begin")
    def begun(connection: sa.Connection) -> None:
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _to_wal(connection: Any) -> None:
    """Switch to WAL once; SQLite does not wait by itself for another process that switches too."""
    until = time.monotonic() + BUSY_SECONDS
    while connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.02)
        else:
            return


@contextmanager
def clear_errors(engine: sa.Engine) -> Iterator[None]:
    """Turn a database's errors into one line of ours, without passwords."""
    try:
        yield
    # The driver's own errors come bare from the first statements of a connection.
    except (sa.exc.SQLAlchemyError, sqlite3.Error) as error:
        said = _first_line(getattr(error, "orig", None) or error)
        where = engine.url.render_as_string(hide_password=True)
        hint = "is the disk full or the folder read-only? BACKWRIGHT_JOURNAL_URL names another history"
        raise JournalError(f"the run history {where}: {said}", hint) from None


@contextmanager
def alone(engine: sa.Engine) -> Iterator[None]:
    """Hold a lock that all processes of the history share: of a file beside it, or PostgreSQL's own."""
    if engine.dialect.name == "postgresql":
        with clear_errors(engine), engine.connect() as plain:
            # Outside any transaction, and asking again instead of waiting in the database: an index
            # that is built without locks waits for every transaction there is.
            connection = plain.execution_options(isolation_level="AUTOCOMMIT")
            while not connection.scalar(sa.select(sa.func.pg_try_advisory_lock(ALONE))):
                time.sleep(0.1)
            try:
                yield
            finally:
                connection.execute(sa.select(sa.func.pg_advisory_unlock(ALONE)))
        return
    import fcntl

    with Path(f"{engine.url.database}-lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def now_text() -> str:
    """The time in UTC, to the millisecond."""
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _first_line(error: BaseException) -> str:
    """One line of an exception."""
    return (str(error) or type(error).__name__).split("\n", 1)[0][:300]
