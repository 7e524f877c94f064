"""Databases for judged services: PostgreSQL and MariaDB in sandboxes of their own, SQLite in a file.

    server = await bench.the(postgres)
    database = await server.create("app")
    Confined(..., env={"DATABASE_URL": database.service_url}, binds=database.binds, reaches=database.reaches)

The gate looks into the database with rights of its own (`admin`); the service
gets a role without superuser rights. The server's Unix socket is bound into
the service's sandbox and relayed to 127.0.0.1:5432 (3306) there.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from evaluators.bench import Bench
from evaluators.service import launch
from evaluators.service.sandbox import MEBI, Bind, Limits, Process, Reach

SERVICE_ROLE = "app"
"""The service's role and password: inside one's own sandbox it is no secret."""
LIMITS = Limits(memory=1024 * MEBI, processes=128, disk=1024 * MEBI, seconds=3600, files=4096, cpu=3600)
"""What a server may use."""


class NoDatabase(Exception):
    """There is no database server to be had, or it has died; one line says why."""


def identifier(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str, dialect: str) -> str:
    """A text as an SQL literal of `postgres`, `mysql` or `sqlite`."""
    if dialect == "mysql":
        text = text.replace("\\", "\\\\")
    return "'" + text.replace("'", "''") + "'"


@dataclass(frozen=True)
class Database(ABC):
    """One database, as the service sees it (URL, binds, reaches) and as the gate does (admin, owner)."""

    name: str
    service_url: str
    """What the service gets: `postgresql://app:app@127.0.0.1:5432/NAME`, `mysql://...:3306/NAME`, or
    `sqlite:////data/NAME.db`. Of MySQL, a service gets it with the driver that it asks for: see `boot`."""
    binds: tuple[Bind, ...]
    """What the service's sandbox must bind."""
    reaches: tuple[Reach, ...]
    """What the service's sandbox must relay."""
    admin: dict[str, Any]
    """Keyword arguments of `psycopg.connect` (superuser) or `pymysql.connect`; SQLite: `{"path": Path}`, which only
    `snapshot` may read."""
    owner: dict[str, Any]
    """The same for the service's role, from outside."""

    @property
    @abstractmethod
    def dialect(self) -> str:
        """`postgres`, `mysql` or `sqlite`."""

    @abstractmethod
    async def row_counts(self) -> dict[str, int]:
        """`schema.table` (`public.` left out) -> rows, for every table of the service, sorted."""

    @abstractmethod
    async def rows(self, table: str, limit: int = 1000) -> list[dict[str, Any]]:
        """Up to `limit` rows of a table as `row_counts` names it, in no promised order."""

    @abstractmethod
    async def seal(self) -> None:
        """Remember the present rows as the state that `reset` returns to."""

    @abstractmethod
    async def reset(self, tables: Collection[str] | None = None) -> None:
        """Back to the rows and sequences at the last `seal`, under a running service. Tables made since are emptied.

        Args:
            tables: the ones that have changed, as `row_counts` names them; None: nobody knows, so all of them.
        """

    @abstractmethod
    def looking(self) -> AbstractAsyncContextManager[Look]:
        """Something that reads all rows again and again, for as long as it is open."""


class Look(Protocol):
    """Reads a database again and again."""

    async def everything(self, limit: int = 2000) -> dict[str, list[dict[str, Any]]]:
        """Every table (as `row_counts` names it) -> up to `limit` of its rows, values as JSON holds them."""
        ...

    async def execute(self, statement: str, values: tuple[Any, ...] = ()) -> int:
        """Run one statement with `?` for values, with the gate's rights; the number of rows it changed."""
        ...

    async def reset(self, tables: Collection[str]) -> None:
        """As `Database.reset`, of these tables and without a connection of its own."""
        ...


@contextmanager
def socket_folder(scratch: Path) -> Iterator[Path]:
    """A folder that a sandboxed server may write to, short enough for a socket's name."""
    # A socket's path may have 107 bytes, and a long TMPDIR would use them up.
    parent = scratch if len(str(scratch)) < 70 else Path("/tmp")  # noqa: S108
    outer = Path(tempfile.mkdtemp(prefix="db-", dir=parent))
    try:
        folder = outer / "s"
        folder.mkdir(mode=0o755)
        if os.geteuid() == 0:
            os.chown(folder, launch.UNPRIVILEGED, launch.UNPRIVILEGED)
        yield folder
    finally:
        shutil.rmtree(outer, ignore_errors=True)


async def awaited(server: str, process: Process, until: float, why: Callable[[str], str]) -> None:
    """A moment's wait for a server that starts. Raises NoDatabase when it has died or takes too long.

    Args:
        why: what its log says of its end.
    """
    if not process.alive or asyncio.get_running_loop().time() > until:
        raise NoDatabase(f"{server} did not start: {why(process.log()) or process.killed or 'no answer'}")
    await asyncio.sleep(0.01)


class Server(Protocol):
    """Something that makes databases."""

    version: str
    """`15.4`; for a reader, never for a finding."""

    async def create(self, name: str, *, supabase: bool = False) -> Database:
        """A fresh database that the service's role owns.

        Args:
            supabase: with the schema `auth` and the roles that Supabase provides.

        Raises:
            NoDatabase: the server has died, or the name is taken.
        """
        ...

    async def drop(self, name: str) -> None:
        """Drop a database and end its connections."""
        ...


@asynccontextmanager
async def postgres(bench: Bench) -> AsyncIterator[Server]:
    """PostgreSQL on tmpfs. Raises NoDatabase (no binaries, or it does not start) and SandboxError."""
    from evaluators.service import postgresql

    async with postgresql.serve(bench.scratch) as server:
        yield server


@asynccontextmanager
async def mariadb(bench: Bench) -> AsyncIterator[Server]:
    """MariaDB on tmpfs. Raises NoDatabase (not installed, or it does not start) and SandboxError."""
    from evaluators.service import mariadb

    async with mariadb.serve(bench.scratch) as server:
        yield server


@asynccontextmanager
async def sqlite(bench: Bench) -> AsyncIterator[Server]:
    """SQLite: each database is a file in a folder of its own."""
    from evaluators.service import sqlitefile

    files = sqlitefile.Files(bench.scratch)
    try:
        yield files
    finally:
        await files.close()
