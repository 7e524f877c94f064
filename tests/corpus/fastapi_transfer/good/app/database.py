"""The database, opened on first use."""

import os
from collections.abc import Iterator
from functools import cache

from sqlalchemy import Connection, Engine, create_engine, event


@cache
def engine() -> Engine:
    url = os.environ["DATABASE_URL"]
    if url.startswith("postgresql://"):
        return create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1), pool_size=5)
    made = create_engine(url)
    event.listen(made, "connect", lambda raw, _: raw.execute("PRAGMA foreign_keys = ON"))
    return made


def connection() -> Iterator[Connection]:
    with engine().begin() as opened:
        yield opened
