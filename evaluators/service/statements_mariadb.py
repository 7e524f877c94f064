"""How many statements a service on MariaDB sends: the server writes them down in a table while somebody counts."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from evaluators.service.database import SERVICE_ROLE, Database
from evaluators.service.mariadb_session import connected, fetched, several

LOGGED = "SELECT count(*) AS n FROM mysql.general_log WHERE user_host LIKE %s AND command_type IN ('Query', 'Execute')"
ON = ("SET GLOBAL log_output = 'TABLE'", "TRUNCATE TABLE mysql.general_log", "SET GLOBAL general_log = 1")
OFF = ("SET GLOBAL general_log = 0", "TRUNCATE TABLE mysql.general_log")


@dataclass(frozen=True)
class Written:
    """What the server wrote down of the service."""

    database: Database

    async def count(self) -> int:
        """How many statements the service sent so far. Raises pymysql.Error."""
        return await asyncio.to_thread(self._count)

    def _count(self) -> int:
        with connected(self.database.admin) as session:
            return int(fetched(session, LOGGED, (f"{SERVICE_ROLE}[%",))[0]["n"])


@asynccontextmanager
async def counting(database: Database) -> AsyncIterator[Written]:
    """Let the server write statements down for a while. Raises pymysql.Error."""
    await asyncio.to_thread(_said, database, ON)
    try:
        yield Written(database)
    finally:
        await asyncio.to_thread(_said, database, OFF)


def _said(database: Database, statements: tuple[str, ...]) -> None:
    with connected(database.admin) as session:
        several(session, statements)
