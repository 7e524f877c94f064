"""The engine, and the two kinds of transaction."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from sqlalchemy import event
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, IntegrityError
from sqlalchemy.pool import QueuePool
from sqlmodel import Session, create_engine

from app.errors import ConflictError
from app.settings import get_settings

POOL_SIZE = 5
POOL_SECONDS = 5
LOCK_SECONDS = 5
STATEMENT_SECONDS = 5
PROGRESS_STEPS = 1000


def _file() -> str:
    try:
        url = make_url(get_settings().database_url)
    except ArgumentError:
        raise RuntimeError("DATABASE_URL is not a URL.") from None
    path = url.database
    if url.get_backend_name() != "sqlite" or not path or path == ":memory:":
        raise RuntimeError("DATABASE_URL does not name an SQLite file.")
    return path


def _connector(path: str) -> Callable[[], sqlite3.Connection]:
    uri = f"file:{quote(path)}?mode=rw"

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(
            uri,
            timeout=LOCK_SECONDS,
            isolation_level=None,
            check_same_thread=False,
            uri=True,
        )

    return connect


def _prepare(connection: Any, record: Any) -> None:
    deadline = [float("inf")]
    record.info["deadline"] = deadline
    connection.set_progress_handler(
        lambda: int(time.monotonic() > deadline[0]), PROGRESS_STEPS
    )
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA busy_timeout = 5000")
    with suppress(sqlite3.OperationalError):
        cursor.execute("PRAGMA journal_mode = WAL")
    cursor.close()


def _begin(connection: Connection) -> None:
    kind = connection.get_execution_options().get("sqlite_begin")
    connection.exec_driver_sql(
        "BEGIN IMMEDIATE" if kind == "IMMEDIATE" else "BEGIN"
    )


def _on_statement(
    connection: Connection,
    _cursor: Any,
    _statement: str,
    _parameters: Any,
    _context: Any,
    _executemany: bool,
) -> None:
    connection.info["deadline"][0] = time.monotonic() + STATEMENT_SECONDS


@lru_cache(maxsize=1)
def get_engine() -> Engine:
    """Make the engine once; it connects when it is first used."""
    path = _file()
    engine = create_engine(
        URL.create("sqlite", database=path),
        creator=_connector(path),
        poolclass=QueuePool,
        pool_size=POOL_SIZE,
        max_overflow=0,
        pool_timeout=POOL_SECONDS,
        hide_parameters=True,
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    event.listen(engine, "before_cursor_execute", _on_statement)
    return engine


@contextmanager
def read() -> Iterator[Session]:
    """A snapshot that writes nothing."""
    with Session(get_engine(), expire_on_commit=False) as session:
        yield session


@contextmanager
def write() -> Iterator[Session]:
    """A transaction that is the only writer from its first statement on."""
    try:
        with Session(get_engine(), expire_on_commit=False) as session:
            session.connection(execution_options={"sqlite_begin": "IMMEDIATE"})
            yield session
            session.commit()
    except IntegrityError:
        raise ConflictError(
            "A unique value or a reference forbids it."
        ) from None
