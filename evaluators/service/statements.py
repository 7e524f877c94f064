"""How many statements a service sends: its PostgreSQL writes them down while somebody counts."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from evaluators.service.database import SERVICE_ROLE, Database

if TYPE_CHECKING:
    import psycopg

FOLDER = "/tmp/log"  # noqa: S108 - inside the server's sandbox
SETTINGS = {
    "logging_collector": "on",
    "log_directory": FOLDER,
    "log_filename": "server",
    "log_rotation_age": "0",
    "log_rotation_size": "0",
    "log_line_prefix": "%u@%d ",
}
"""What the server needs, so that its log can be read from a session."""
SECONDS = 5.0
"""How long a line may take from a session to the log."""


@dataclass
class Statements:
    """Counts the statements of the service's sessions."""

    session: psycopg.AsyncConnection[Any]
    name: str
    """The database."""
    _read: int = 0
    """Bytes of the log that were read."""

    async def during(self, ask: Callable[[], Awaitable[Any]]) -> int:
        """How many statements the service sent while `ask` ran. Raises TimeoutError where the log falls silent."""
        await self._until_now()
        await ask()
        said = await self._until_now()
        sent = rf"^{SERVICE_ROLE}@{re.escape(self.name)} LOG:  (?:statement|execute [^:]*):"
        return len(re.findall(sent, said, re.MULTILINE))

    async def _until_now(self) -> str:
        """What was written since the last time: the lines of one pipe, so a mark comes after all before it."""
        mark, said = secrets.token_hex(8), ""
        await self.session.execute(f"SELECT '{mark}'")
        async with asyncio.timeout(SECONDS):
            while mark not in said:
                cursor = await self.session.execute(
                    "SELECT pg_read_binary_file(%s, %s, 1048576)", (f"{FOLDER}/server", self._read)
                )
                row = await cursor.fetchone()
                piece = bytes(row[0]) if row else b""
                self._read += len(piece)
                said += piece.decode(errors="replace")
                if not piece:
                    await asyncio.sleep(0.005)
        return said


@asynccontextmanager
async def counting(database: Database) -> AsyncIterator[Statements]:
    """Let the server write statements down for a while. Raises psycopg.Error; PostgreSQL only."""
    import psycopg

    async with await psycopg.AsyncConnection.connect(**database.admin, autocommit=True) as session:
        await _logged(session, "all")
        try:
            cursor = await session.execute("SELECT size FROM pg_stat_file(%s)", (f"{FOLDER}/server",))
            row = await cursor.fetchone()
            yield Statements(session, database.name, int(row[0]) if row else 0)
        finally:
            await _logged(session, "none")


async def _logged(session: psycopg.AsyncConnection[Any], which: str) -> None:
    """Which statements are written down, from now on and in every session."""
    await session.execute(f"ALTER SYSTEM SET log_statement = '{which}'")
    await session.execute("SELECT pg_reload_conf()")
    async with asyncio.timeout(SECONDS):
        while True:
            row = await (await session.execute("SHOW log_statement")).fetchone()
            if row is not None and row[0] == which:
                return
            await asyncio.sleep(0.005)
