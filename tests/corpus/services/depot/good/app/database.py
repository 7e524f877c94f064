"""The pool of connections."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from psycopg import Connection
from psycopg.rows import DictRow, dict_row
from psycopg_pool import ConnectionPool

from app.settings import settings

POOL_SIZE = 10
OPTIONS = "-c timezone=UTC -c statement_timeout=5000 -c lock_timeout=3000 -c idle_in_transaction_session_timeout=10000"

Db = Connection[DictRow]


@cache
def pool() -> ConnectionPool[Db]:
    """The pool of this process; it is opened and closed by the application's lifespan."""
    return ConnectionPool(
        settings().database_url,
        connection_class=Connection[DictRow],
        kwargs={"row_factory": dict_row, "connect_timeout": 5, "options": OPTIONS},
        min_size=1,
        max_size=POOL_SIZE,
        timeout=5,
        open=False,
    )


@contextmanager
def transaction() -> Iterator[Db]:
    """A connection whose work is committed at the end and rolled back on any error."""
    with pool().connection() as connection:
        yield connection
