"""Databases for judged services: PostgreSQL in a sandbox of its own, SQLite in a file.

    server = await bench.the(postgres)
    database = await server.create("app")
    Confined(..., env={"DATABASE_URL": database.service_url}, binds=database.binds, reaches=database.reaches)
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from evaluators.bench import Bench
from evaluators.service.sandbox import Bind, Reach


class NoDatabase(Exception):
    """There is no database server to be had; one line says why."""


@dataclass(frozen=True)
class Database:
    """One database. The gate looks in as `admin`, the service as a role without superuser rights."""

    name: str
    dialect: str
    """`postgres` or `sqlite`."""
    service_url: str
    """What the service gets: `postgresql://app:...@127.0.0.1:5432/NAME`, or `sqlite:////data/NAME.db`."""
    binds: tuple[Bind, ...]
    """What the service's sandbox must bind."""
    reaches: tuple[Reach, ...]
    """What the service's sandbox must relay."""
    admin: dict[str, Any]
    """Keyword arguments of `psycopg.connect` (superuser), or `{"database": PATH}` of `sqlite3.connect`."""
    owner: dict[str, Any]
    """The same for the service's role, from outside."""

    def row_counts(self) -> dict[str, int]:
        """`schema.table` (`public.` left out) -> rows, for every table of the service."""
        raise NotImplementedError

    def statements(self) -> int:
        """How many statements the service has run so far (N+1 shows here)."""
        raise NotImplementedError

    async def reset(self) -> None:
        """Back to what it was when `seal` was called, rows and sequences."""
        raise NotImplementedError

    async def seal(self) -> None:
        """Remember the present rows as the state that `reset` returns to."""
        raise NotImplementedError


class Server:
    """A running PostgreSQL."""

    version: str = ""
    """`15.4`; for a reader, never for a finding."""

    async def create(self, name: str, *, template: str | None = None, supabase: bool = False) -> Database:
        """A fresh database owned by the service's role; `template` clones another (nobody may be connected to it)."""
        raise NotImplementedError

    async def drop(self, name: str) -> None:
        """Drop a database and end its connections."""
        raise NotImplementedError


@asynccontextmanager
async def postgres(bench: Bench) -> AsyncIterator[Server]:
    """PostgreSQL on tmpfs. Raises NoDatabase (no binaries, or it does not start) and SandboxError."""
    raise NotImplementedError
    yield Server()


@asynccontextmanager
async def sqlite(bench: Bench) -> AsyncIterator[Server]:
    """The same shape for SQLite: each database is a file in a folder of its own."""
    raise NotImplementedError
    yield Server()
