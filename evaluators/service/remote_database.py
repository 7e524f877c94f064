"""The database of a service that runs already: opened by its address, and put back as it was found."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from evaluators.draft import Elsewhere
from evaluators.service.database import Database, NoDatabase
from evaluators.service.postgresql import COLUMNS, SEALED, SEQUENCES, TABLES, PostgresDatabase
from evaluators.service.remote_address import RemoteError, refuse_others
from evaluators.service.sqlitefile import Restorer, SqliteDatabase

SQLITE = "sqlite:///"
KNOWN = frozenset({"host", "port", "dbname", "user", "password", "sslmode", "sslrootcert", "sslcert", "sslkey"})
"""What an address may say; `service`, `hostaddr` and the like would lead elsewhere."""
SECONDS = 10


def refuse_address(url: str, allowed_by: str) -> None:
    """Raise RemoteError for an address of a database that is none, or that nobody allowed."""
    if url.startswith(SQLITE):
        if not Path(url.removeprefix(SQLITE)).is_file():
            raise RemoteError("--database: there is no such file", "sqlite:////absolute/path.db, or sqlite:///relative")
        return
    said = _said(url)
    if not said.get("host", "").startswith("/"):
        refuse_others(said["host"], "--database", allowed_by)


def _said(url: str) -> dict[str, Any]:
    """What an address of PostgreSQL says. Raises RemoteError, which does not repeat it."""
    hint = "postgresql://USER:PASSWORD@127.0.0.1:5432/NAME, or sqlite:///PATH"
    if not url.startswith(("postgresql://", "postgres://")):
        raise RemoteError("--database: no address of PostgreSQL or SQLite", hint)
    try:
        said = conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        raise RemoteError("--database: no address of PostgreSQL or SQLite", hint) from None
    unknown = sorted(set(said) - KNOWN)
    if unknown or not said.get("host") or not said.get("dbname") or "," in str(said["host"]):
        raise RemoteError("--database: " + (f"{unknown[0]} is not used" if unknown else "one host and one name"), hint)
    return dict(said)


@asynccontextmanager
async def opened(at: Elsewhere) -> AsyncIterator[Database]:
    """The database at an address, to look at; with `reset` to write to, and as it was afterwards. Raises NoDatabase."""
    with tempfile.TemporaryDirectory(prefix="backwright-rows-") as folder:
        scratch = Path(folder)
        database = _file(at.database, scratch) if at.database.startswith(SQLITE) else _server(at.database)
        async with database.looking() as look:
            await look.everything(1)
        if not at.reset:
            yield database
            return
        async with put_back(database, scratch):
            yield database


def _server(url: str) -> Database:
    said = {**_said(url), "connect_timeout": SECONDS}
    if said["host"] == "localhost":
        # Whatever the environment says of addresses.
        said["hostaddr"] = "127.0.0.1"
    return PostgresDatabase(str(said["dbname"]), "", (), (), said, said)


def _file(url: str, scratch: Path) -> Database:
    path = Path(url.removeprefix(SQLITE)).resolve()
    place = {"path": path, "sealed": scratch / "sealed.db"}
    writer = cast(Restorer, Writer(path, scratch / "sealed.db"))
    return OpenFile(path.name, "", (), (), place, place, writer)


@asynccontextmanager
async def put_back(database: Database, scratch: Path) -> AsyncIterator[None]:
    """The rows as they were, whatever was done meanwhile. Raises NoDatabase where that is not possible."""
    if isinstance(database, PostgresDatabase):
        await _refuse_unprivileged(database)
        kept = await _copied(database, scratch)
        try:
            yield
        finally:
            await asyncio.shield(_restored(database, kept))
        return
    await database.seal()
    first, sealed = scratch / "first.db", database.admin["sealed"]
    first.write_bytes(sealed.read_bytes())
    try:
        yield
    finally:
        sealed.write_bytes(first.read_bytes())
        await asyncio.shield(database.reset())


@dataclass(frozen=True)
class Kept:
    """The rows of a PostgreSQL as they were found, in files."""

    tables: tuple[tuple[sql.Identifier, sql.Composed, Path], ...]
    """(table, its columns, its rows)."""
    sequences: tuple[tuple[Any, ...], ...]


async def _refuse_unprivileged(database: PostgresDatabase) -> None:
    async with await database.connect() as session:
        found = await (await session.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")).fetchone()
    if not found or not found[0]:
        raise NoDatabase("--reset needs a superuser of the database: foreign keys and triggers must not look")


async def _copied(database: PostgresDatabase, scratch: Path) -> Kept:
    """Copy every table into a file."""
    tables = []
    async with await database.connect() as session, session.transaction():
        await session.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        found = await (await session.execute(TABLES)).fetchall()
        for number, (schema, name, oid) in enumerate(found):
            columns = await (await session.execute(COLUMNS, (oid,))).fetchall()
            listed = sql.SQL(", ").join(sql.Identifier(each) for (each,) in columns)
            table, file = sql.Identifier(schema, name), scratch / f"t{number}"
            text = sql.SQL("COPY {} ({}) TO STDOUT (FORMAT binary)").format(table, listed)
            with file.open("wb") as opened_file:
                async with session.cursor() as cursor, cursor.copy(text) as copy:
                    async for data in copy:
                        opened_file.write(data)
            tables.append((table, listed, file))
        return Kept(tuple(tables), tuple(await (await session.execute(SEQUENCES)).fetchall()))


async def _restored(database: PostgresDatabase, kept: Kept) -> None:
    """Put the copied rows back, and take out what the gate made."""
    async with await database.connect() as session, session.transaction():
        await session.execute("SET LOCAL session_replication_role = replica; SET LOCAL lock_timeout = '30s'")
        for table, listed, file in kept.tables:
            await session.execute(sql.SQL("DELETE FROM {}").format(table))
            text = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT binary)").format(table, listed)
            async with session.cursor() as cursor, cursor.copy(text) as copy:
                await copy.write(file.read_bytes())
        for schema, name, value, drawn in kept.sequences:
            place = sql.Identifier(schema, name).as_string(session)
            await session.execute("SELECT setval(%s::regclass, %s, %s)", (place, value, drawn))
        await session.execute(f"SET LOCAL client_min_messages = error; DROP SCHEMA IF EXISTS {SEALED} CASCADE")


@dataclass(frozen=True)
class OpenFile(SqliteDatabase):
    """A SQLite file that somebody else's service has open; it is read where it is."""

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[sqlite3.Connection]:
        """The file, open to read."""
        try:
            with contextlib.closing(sqlite3.connect(f"{self.path.as_uri()}?mode=ro", uri=True, timeout=5)) as session:
                session.execute("PRAGMA trusted_schema = off")
                yield session
        except sqlite3.Error as error:
            told = getattr(error, "sqlite_errorname", type(error).__name__)
            raise NoDatabase(f"the SQLite file cannot be read ({told})") from error


class Writer:
    """Writes to a SQLite file beside the service: what `Restorer` does in a sandbox for a file of the gate's own."""

    def __init__(self, path: Path, sealed: Path) -> None:
        self.path = path
        self.sealed = sealed
        self._holding: sqlite3.Connection | None = None

    async def asked(self, **what: Any) -> int:
        """Restore (nothing given), run a statement with values, or keep others from writing till the next call.

        The rows that a statement changed. Raises NoDatabase.
        """
        return await asyncio.to_thread(self._done, **what)

    def _done(self, statement: str = "", values: tuple[Any, ...] | list[Any] = (), hold: bool | None = None) -> int:
        if self._holding is not None:
            self._holding.close()
            self._holding = None
        if hold is False:
            return 0
        try:
            if hold:
                # Each call may come from another thread.
                self._holding = sqlite3.connect(self.path, timeout=5, check_same_thread=False)
                self._holding.execute("BEGIN IMMEDIATE")
                return 0
            with contextlib.closing(sqlite3.connect(self.path, timeout=5)) as target:
                if statement:
                    with target:
                        return target.execute(statement, values).rowcount
                with contextlib.closing(sqlite3.connect(self.sealed)) as source:
                    source.backup(target)
            return 0
        except sqlite3.Error as error:
            told = getattr(error, "sqlite_errorname", type(error).__name__)
            raise NoDatabase(f"the SQLite file cannot be written ({told})") from error
