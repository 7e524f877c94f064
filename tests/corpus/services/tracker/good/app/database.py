"""The connection pool, and the transaction that every service call is."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Concatenate, Final, ParamSpec, TypeVar

from sqlalchemy import URL, func, literal, make_url, select
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)

from app import config
from app.errors import ConflictError, NotFoundError

UNIQUE_VIOLATION: Final = "23505"
FOREIGN_KEY_VIOLATION: Final = "23503"
RERUN_STATES: Final = frozenset({"40001", "40P01"})

P = ParamSpec("P")
T = TypeVar("T")


def driver_url(url: str) -> URL:
    """Put the driver's name into the scheme; a failure does not show the URL."""
    try:
        return make_url(url).set(drivername="postgresql+psycopg")
    except (ArgumentError, ValueError):
        message = "DATABASE_URL is not a database URL"
        raise ValueError(message) from None


def sqlstate(error: DBAPIError) -> str | None:
    """Give the SQLSTATE of a database error."""
    state = getattr(error.orig, "sqlstate", None)
    return state if isinstance(state, str) else None


async def _ask(session: AsyncSession) -> None:
    await session.execute(select(literal(1)))


class Database:
    """Owns the pool. Making it does not connect."""

    def __init__(self, url: str) -> None:
        self.engine: AsyncEngine = create_async_engine(
            driver_url(url),
            pool_size=config.POOL_SIZE,
            max_overflow=config.POOL_OVERFLOW,
            pool_timeout=config.POOL_WAIT_SECONDS,
            pool_pre_ping=True,
            hide_parameters=True,
            connect_args={
                "connect_timeout": config.CONNECT_SECONDS,
                "prepare_threshold": None,
            },
        )
        self._sessions = async_sessionmaker(self.engine, expire_on_commit=False)

    async def run(
        self,
        work: Callable[Concatenate[AsyncSession, P], Awaitable[T]],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Run the work as one transaction, again after a deadlock."""
        reruns = 0
        while True:
            try:
                async with self._sessions.begin() as session:
                    await session.execute(
                        select(
                            func.set_config(
                                "statement_timeout",
                                str(config.STATEMENT_TIMEOUT_MS),
                                True,
                            )
                        )
                    )
                    return await work(session, *args, **kwargs)
            except DBAPIError as error:
                state = sqlstate(error)
                if state == UNIQUE_VIOLATION:
                    raise ConflictError from error
                if state == FOREIGN_KEY_VIOLATION:
                    raise NotFoundError from error
                if state not in RERUN_STATES or reruns >= config.MAX_RERUNS:
                    raise
                reruns += 1
            await asyncio.sleep(0.02 * reruns)

    async def ping(self) -> None:
        """Ask the database for a sign of life."""
        async with asyncio.timeout(config.HEALTH_SECONDS):
            await self.run(_ask)

    async def close(self) -> None:
        """Close the pool."""
        async with asyncio.timeout(config.CLOSE_SECONDS):
            await self.engine.dispose()
