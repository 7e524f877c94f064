"""The tables, and transactions on them."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import lru_cache
from typing import Any

from sqlalchemy import Column, Connection, ForeignKey, Integer, MetaData, Table, Text, event, make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.schema import FetchedValue

metadata = MetaData()


users = Table(
    "users",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("handle", Text, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("is_admin", Integer, FetchedValue(), nullable=False),
    Column("created_at", Text, FetchedValue(), nullable=False),
)
rooms = Table(
    "rooms",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("greeting", Text, FetchedValue(), nullable=False),
    Column("status", Text, FetchedValue(), nullable=False),
    Column("created_at", Text, FetchedValue(), nullable=False),
)
memberships = Table(
    "memberships",
    metadata,
    Column("room_id", Integer, ForeignKey("rooms.id"), primary_key=True),
    Column("user_id", Integer, ForeignKey("users.id"), primary_key=True),
    Column("role", Text, FetchedValue(), nullable=False),
    Column("created_at", Text, FetchedValue(), nullable=False),
)
messages = Table(
    "messages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("room_id", Integer, ForeignKey("rooms.id"), nullable=False),
    Column("author_id", Integer, ForeignKey("users.id"), nullable=False),
    Column("body", Text, nullable=False),
    Column("created_at", Text, FetchedValue(), nullable=False),
    Column("edited_at", Text),
)
reactions = Table(
    "reactions",
    metadata,
    Column("message_id", Integer, ForeignKey("messages.id"), primary_key=True),
    Column("user_id", Integer, ForeignKey("users.id"), primary_key=True),
    Column("emoji", Text, primary_key=True),
    Column("created_at", Text, FetchedValue(), nullable=False),
)
webhooks = Table(
    "webhooks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("room_id", Integer, ForeignKey("rooms.id"), nullable=False),
    Column("url", Text, nullable=False),
    Column("created_at", Text, FetchedValue(), nullable=False),
)


@lru_cache(maxsize=1)
def engine() -> AsyncEngine:
    """The engine of this process."""
    url = make_url(os.environ["DATABASE_URL"]).set(drivername="sqlite+aiosqlite")
    made = create_async_engine(url, pool_size=8, max_overflow=0, pool_timeout=10, hide_parameters=True)

    @event.listens_for(made.sync_engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        # SQLAlchemy says when a transaction begins, see below; the driver shall not.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA busy_timeout = 5000")
        cursor.close()

    @event.listens_for(made.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        # Who will write takes the write lock at once, so that what it reads stays true until it commits.
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return made


@asynccontextmanager
async def reading() -> AsyncIterator[AsyncConnection]:
    """A transaction that only reads."""
    async with engine().connect() as connection, connection.begin():
        yield connection


@asynccontextmanager
async def writing() -> AsyncIterator[AsyncConnection]:
    """A transaction that excludes all other writers."""
    async with engine().connect() as connection:
        await connection.execution_options(writes=True)
        async with connection.begin():
            yield connection
