"""The pool of connections."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from queue import Empty, LifoQueue
from typing import Any
from urllib.parse import unquote, urlsplit

import pymysql
from pymysql.cursors import DictCursor

from app.problems import Busy
from app.settings import settings

POOL_SIZE = 10
WAIT_SECONDS = 5
FIRST = "SET time_zone = '+00:00', innodb_lock_wait_timeout = 3"

Db = DictCursor
Row = dict[str, Any]


def connect() -> pymysql.Connection[DictCursor]:
    """A connection of the service's."""
    url = urlsplit(settings().database_url)
    return pymysql.connect(
        host=url.hostname,
        port=url.port or 3306,
        user=unquote(url.username or ""),
        password=unquote(url.password or ""),
        database=url.path.removeprefix("/"),
        charset="utf8mb4",
        cursorclass=DictCursor,
        init_command=FIRST,
        connect_timeout=5,
        read_timeout=10,
        write_timeout=10,
    )


class Pool:
    """A few connections that take turns."""

    def __init__(self) -> None:
        self.places: LifoQueue[pymysql.Connection[DictCursor] | None] = LifoQueue()
        for _ in range(POOL_SIZE):
            self.places.put(None)

    @contextmanager
    def connection(self) -> Iterator[pymysql.Connection[DictCursor]]:
        """A connection that answers; it goes back unless it broke."""
        try:
            kept = self.places.get(timeout=WAIT_SECONDS)
        except Empty:
            raise Busy from None
        held = kept
        try:
            held = held or connect()
            held.ping(reconnect=True)
            yield held
        finally:
            self.places.put(held if held is not None and held.open else None)

    def close(self) -> None:
        """End the connections that nobody uses."""
        while not self.places.empty():
            kept = self.places.get()
            if kept is not None and kept.open:
                kept.close()


@cache
def pool() -> Pool:
    """The pool of this process."""
    return Pool()


@contextmanager
def transaction() -> Iterator[Db]:
    """A cursor whose work is committed at the end and rolled back on any error."""
    with pool().connection() as connection:
        try:
            with connection.cursor() as cursor:
                yield cursor
            connection.commit()
        except BaseException:
            if connection.open:
                connection.rollback()
            raise


def one(db: Db, statement: str, *values: object) -> Row | None:
    """The first row of a statement."""
    db.execute(statement, values)
    found: Row | None = db.fetchone()
    return found


def many(db: Db, statement: str, *values: object) -> list[Row]:
    """All rows of a statement."""
    db.execute(statement, values)
    return list(db.fetchall())
