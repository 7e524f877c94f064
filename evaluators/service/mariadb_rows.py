"""The rows of a MariaDB database: looked at, sealed, and set back under a running service.

No session can leave a trigger out, as PostgreSQL's can. So `seal` puts a guard
before each trigger's body: it does nothing where the session says so, and only
the gate's own does while it sets rows back.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import pymysql

from evaluators.service.database import Database, NoDatabase, identifier, literal
from evaluators.service.mariadb_session import (
    BOUND,
    FREE,
    OWN,
    QUIET,
    changed,
    connect,
    connected,
    fetched,
    several,
)

T = TypeVar("T")

TABLES = (
    "SELECT table_name AS name, auto_increment AS following FROM information_schema.tables "
    "WHERE table_schema = database() AND table_type = 'BASE TABLE' ORDER BY table_name"
)
COLUMNS = (
    "SELECT table_name AS name, column_name AS part FROM information_schema.columns "
    "WHERE table_schema = database() AND extra NOT LIKE '%GENERATED%' ORDER BY table_name, ordinal_position"
)
SLEEPING = (
    "SELECT id FROM information_schema.processlist p "
    "WHERE db = database() AND command = 'Sleep' AND id <> connection_id()"
)
FORGOTTEN = f"{SLEEPING} AND id IN (SELECT thread_id FROM information_schema.metadata_lock_info)"  # noqa: S608
"""Sessions that sleep with a lock, within a transaction: it would hold it for ever. Needs the plugin of that name."""
TRIGGERS = """
SELECT trigger_name AS name, event_manipulation AS event, event_object_table AS owner, action_timing AS timing,
       action_statement AS body, sql_mode AS mode, definer FROM information_schema.triggers
WHERE trigger_schema = database() ORDER BY event_object_table, action_timing, event_manipulation, action_order
"""
GUARD = f"IF {QUIET} IS NULL THEN "
LOCKED = 1205


@dataclass(frozen=True)
class MariadbDatabase(Database):
    """A database of a running MariaDB."""

    sees_locks: bool
    """Whether `FORGOTTEN` can be asked."""

    @property
    def dialect(self) -> str:
        """`mysql`: the dialect that it stands for."""
        return "mysql"

    @cached_property
    def _sealed(self) -> dict[str, Any]:
        """What `seal` remembered: what fills each table, and the next number of each that counts."""
        return {}

    @property
    def _copies(self) -> str:
        """The database of the sealed rows; the service's role has no rights in it."""
        return identifier(f"backwright_sealed_{self.name}")

    async def row_counts(self) -> dict[str, int]:
        """See `Database`."""
        return await asyncio.to_thread(self._counted)

    def _counted(self) -> dict[str, int]:
        with connected(self.admin) as session:
            names = [str(each["name"]) for each in fetched(session, TABLES)]
            found = several(session, [f"SELECT count(*) AS n FROM {identifier(name)}" for name in names])  # noqa: S608
            return {name: int(rows[0]["n"]) for name, rows in zip(names, found, strict=True)}

    async def rows(self, table: str, limit: int = 1000) -> list[dict[str, Any]]:
        """See `Database`."""
        return await asyncio.to_thread(self._rows, table, limit)

    def _rows(self, table: str, limit: int) -> list[dict[str, Any]]:
        with connected(self.admin) as session:
            return fetched(session, f"SELECT * FROM {identifier(table)} LIMIT %s", (limit,))  # noqa: S608 - quoted

    async def seal(self) -> None:
        """See `Database`."""
        await asyncio.to_thread(self._seal)

    def _seal(self) -> None:
        with connected(self.admin) as session:
            _guard(session)
            columns: dict[str, list[str]] = {}
            for each in fetched(session, COLUMNS):
                columns.setdefault(each["name"], []).append(identifier(each["part"]))
            tables = fetched(session, TABLES)
            fills: dict[str, str] = {}
            made = [f"DROP DATABASE IF EXISTS {self._copies}", f"CREATE DATABASE {self._copies}"]
            for number, each in enumerate(tables):
                name, parts = identifier(each["name"]), ", ".join(columns[each["name"]])
                made.append(f"CREATE TABLE {self._copies}.t{number} AS SELECT {parts} FROM {name}")  # noqa: S608
                fills[each["name"]] = f"INSERT INTO {name} ({parts}) SELECT {parts} FROM {self._copies}.t{number}"  # noqa: S608
            several(session, made)
            self._sealed["fills"] = fills
            self._sealed["following"] = {each["name"]: each["following"] for each in tables}

    async def reset(self, tables: Collection[str] | None = None) -> None:
        """See `Database`."""
        await asyncio.to_thread(self._reset, tables)

    def _reset(self, tables: Collection[str] | None) -> None:
        with connected(self.admin) as session:
            self.restored(session, tables)

    def restored(self, session: pymysql.Connection[Any], tables: Collection[str] | None) -> None:
        """The same on a connection that is there. Raises pymysql.Error."""
        there, *forgotten = several(session, [TABLES, *([FORGOTTEN] if self.sees_locks else [])])
        _end(session, [each for found in forgotten for each in found])
        statements = self._script(there, tables)
        try:
            several(session, statements)
        except pymysql.Error as error:
            several(session, ["ROLLBACK", BOUND])
            if error.args[0] != LOCKED:
                raise
            # Somebody sleeps with a lock that was not seen.
            _end(session, fetched(session, SLEEPING))
            several(session, statements)

    def _script(self, there: list[dict[str, Any]], tables: Collection[str] | None) -> list[str]:
        """What sets tables back: the rows in one transaction, then the counters that have moved."""
        fills: dict[str, str] = self._sealed.get("fills", {})
        following: dict[str, int | None] = self._sealed.get("following", {})
        names = [each["name"] for each in there]
        parts = []
        for name in names if tables is None else sorted(set(tables) & set(names) & set(fills)):
            parts.append(f"DELETE FROM {identifier(name)}")  # noqa: S608 - quoted
            parts += [fills[name]] if name in fills else []
        for each in there:
            before = following.get(each["name"])
            if before is not None and before != each["following"]:
                parts.append(f"ALTER TABLE {identifier(each['name'])} AUTO_INCREMENT = {before}")
        return [FREE, "START TRANSACTION", *parts, "COMMIT", BOUND]

    @contextlib.asynccontextmanager
    async def looking(self) -> AsyncIterator[Looking]:
        """See `Database`."""
        try:
            session = await asyncio.to_thread(connect, self.admin, plain=True)
        except pymysql.Error as error:
            raise NoDatabase(f"the database {self.name} is gone") from error
        try:
            yield Looking(session, self)
        finally:
            session.close()


class Looking:
    """One connection that reads everything."""

    def __init__(self, session: pymysql.Connection[Any], database: MariadbDatabase) -> None:
        self.session = session
        self.database = database
        self._tables: list[str] | None = None
        self._lock = asyncio.Lock()

    async def everything(self, limit: int = 2000) -> dict[str, list[dict[str, Any]]]:
        """See `database.Look`."""
        return await self._done(self._everything, limit)

    def _everything(self, limit: int) -> dict[str, list[dict[str, Any]]]:
        if self._tables is None:
            self._tables = [each["name"] for each in fetched(self.session, TABLES)]
        reads = [f"SELECT * FROM {identifier(name)} LIMIT {limit}" for name in self._tables]  # noqa: S608 - quoted
        return dict(zip(self._tables, several(self.session, reads), strict=True))

    async def execute(self, statement: str, values: tuple[Any, ...] = ()) -> int:
        """See `database.Look`."""
        return await self._done(changed, self.session, statement.replace("%", "%%").replace("?", "%s"), values)

    async def reset(self, tables: Collection[str]) -> None:
        """See `database.Look`."""
        await self._done(self.database.restored, self.session, tables)

    async def _done(self, work: Callable[..., T], *given: Any) -> T:
        """Do something on the session, one thing at a time. Raises NoDatabase."""
        async with self._lock:
            try:
                return await asyncio.to_thread(work, *given)
            except pymysql.Error as error:
                raise NoDatabase(f"MariaDB refuses a statement of the gate ({error.args[0]})") from error


def _end(session: pymysql.Connection[Any], sessions: list[dict[str, Any]]) -> None:
    """End sessions of the service; one may have ended of itself."""
    for each in sessions:
        with contextlib.suppress(pymysql.Error):
            changed(session, f"KILL {each['id']}")


def _guard(session: pymysql.Connection[Any]) -> None:
    """Put the guard before the body of each trigger that has none; all are made anew, so that their order stays."""
    triggers = fetched(session, TRIGGERS)
    if all(each["body"].startswith(GUARD) for each in triggers):
        return
    for each in triggers:
        changed(session, f"DROP TRIGGER {identifier(each['name'])}")
    for each in triggers:
        body = each["body"]
        guarded = body if body.startswith(GUARD) else f"{GUARD}{body}\n; END IF"
        user, _, host = each["definer"].rpartition("@")
        named = [_ticked(name) for name in (user, host, each["name"], each["owner"])]
        # The body is read as it was written: its mode says what a double quote is.
        changed(session, "SET sql_mode = " + literal(each["mode"], "mysql"))
        changed(
            session,
            f"CREATE DEFINER = {named[0]}@{named[1]} TRIGGER {named[2]} {each['timing']} {each['event']} "
            f"ON {named[3]} FOR EACH ROW {guarded}",
        )
    changed(session, OWN)


def _ticked(name: str) -> str:
    """A name as an identifier in every mode."""
    return "`" + name.replace("`", "``") + "`"
