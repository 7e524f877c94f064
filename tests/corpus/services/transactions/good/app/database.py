"""The connection pool and its transactions."""

from contextlib import AbstractAsyncContextManager
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)

SESSION_SETTINGS = (
    "set statement_timeout = '5s'",
    "set lock_timeout = '3s'",
    "set timezone = 'UTC'",
)


def prepare_connection(connection: Any, _record: Any) -> None:
    """Set what belongs to the session when the connection is opened."""
    cursor = connection.cursor()
    try:
        for statement in SESSION_SETTINGS:
            cursor.execute(statement)
    finally:
        cursor.close()
    connection.commit()


class Database:
    """A bounded pool; connections are opened on first use."""

    def __init__(self, url: URL) -> None:
        self.engine: AsyncEngine = create_async_engine(
            url,
            pool_size=5,
            max_overflow=5,
            pool_timeout=5,
            pool_pre_ping=True,
            hide_parameters=True,
            connect_args={"connect_timeout": 5, "prepare_threshold": None},
        )
        event.listen(self.engine.sync_engine, "connect", prepare_connection)
        self._sessions = async_sessionmaker(
            self.engine, expire_on_commit=False
        )

    def transaction(self) -> AbstractAsyncContextManager[AsyncSession]:
        """One transaction: committed at the end, rolled back on an error."""
        return self._sessions.begin()

    async def ping(self) -> None:
        """Ask the database for an answer."""
        async with self.engine.connect() as connection:
            await connection.execute(text("select 1"))

    async def dispose(self) -> None:
        """Close the pool."""
        await self.engine.dispose()
