"""Sessions of the gate in a database that it fills: an insert, what it refused, and which columns are at fault."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from typing import Any, TypeVar

from evaluators.service.database import Database, identifier
from evaluators.service.tables import Table

Row = dict[str, Any]
T = TypeVar("T")


class Refused(Exception):
    """An insert that the database refused; `columns` are the ones to change, empty if unknown."""

    def __init__(self, columns: tuple[str, ...], why: str) -> None:
        super().__init__(why)
        self.columns = columns


class Session(ABC):
    """One way to insert and to look."""

    dialect = ""
    mark = "?"
    empty = "DEFAULT VALUES"
    """What stands for values where a row takes all its defaults."""

    def __init__(self, session: Any) -> None:
        self.session = session

    def rows(self, table: str) -> list[Row]:
        """Up to ten rows of a table."""
        return self._all(f"SELECT * FROM {quoted(table)} LIMIT 10", ())  # noqa: S608 - quoted

    def insert(self, table: Table, values: Row) -> Row:
        """Insert and return the row. Raises Refused."""
        names = ", ".join(quoted(name) for name in values)
        marks = ", ".join(self.mark for _ in values)
        body = f"({names}) VALUES ({marks})" if values else self.empty
        with self._refusing(table):
            return self._all(f"INSERT INTO {quoted(table.name)} {body} RETURNING *", tuple(values.values()))[0]

    def run(self, text: str, values: tuple[Any, ...]) -> None:
        """Run a statement that brings no rows."""
        self.session.execute(text, values)

    @contextmanager
    def unguarded(self) -> Iterator[None]:
        """No trigger keeps rows meanwhile, where the database lets one say so."""
        yield

    def remove(self, table: Table, row: Row) -> None:
        """Delete a row by its key. Raises Refused: a trigger keeps it, say."""
        named = " AND ".join(f"{quoted(name)} = {self.mark}" for name in table.key)
        with self._refusing(table):
            self.run(f"DELETE FROM {quoted(table.name)} WHERE {named}", tuple(row[name] for name in table.key))  # noqa: S608

    @abstractmethod
    def _all(self, text: str, values: tuple[Any, ...]) -> list[Row]:
        """Run a statement; its rows."""

    @abstractmethod
    def _refusing(self, table: Table) -> AbstractContextManager[None]:
        """What the database refuses inside, as `Refused`."""


class Postgres(Session):
    """psycopg."""

    dialect = "postgres"
    mark = "%s"

    @contextmanager
    def unguarded(self) -> Iterator[None]:
        """See `Session`."""
        self.session.execute("SET session_replication_role = replica")
        try:
            yield
        finally:
            self.session.execute("SET session_replication_role = origin")

    def _all(self, text: str, values: tuple[Any, ...]) -> list[Row]:
        cursor = self.session.execute(text, values)
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    @contextmanager
    def _refusing(self, table: Table) -> Iterator[None]:
        import psycopg

        try:
            yield
        except psycopg.Error as error:
            named = error.diag.constraint_name
            columns = next((each.columns for each in table.checks if named and each.name == named), ())
            if error.diag.column_name:
                columns = (error.diag.column_name,)
            unique = re.match(r"Key \(([^()]*)\)=", error.diag.message_detail or "")
            if not columns and unique:
                columns = tuple(name.strip(' "') for name in unique.group(1).split(","))
            raise Refused(columns, f"SQLSTATE {error.sqlstate} {named or ''}".strip()) from error


class Sqlite(Session):
    """sqlite3."""

    dialect = "sqlite"

    def _all(self, text: str, values: tuple[Any, ...]) -> list[Row]:
        return [dict(row) for row in self.session.execute(text, values).fetchall()]

    @contextmanager
    def _refusing(self, table: Table) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            said = str(error)
            columns = tuple(each.name for each in table.columns if re.search(rf"\b{re.escape(each.name)}\b", said))
            called = next((each for each in table.checks if each.name and said.endswith(f": {each.name}")), None)
            columns = called.columns if called else columns
            raise Refused(columns, getattr(error, "sqlite_errorname", "error")) from error


class Mariadb(Session):
    """pymysql."""

    dialect = "mysql"
    mark = "%s"
    empty = "() VALUES ()"

    def run(self, text: str, values: tuple[Any, ...]) -> None:
        """See `Session`."""
        from evaluators.service.mariadb_session import changed

        changed(self.session, text, values)

    def _all(self, text: str, values: tuple[Any, ...]) -> list[Row]:
        from evaluators.service.mariadb_session import fetched

        return fetched(self.session, text, values)

    @contextmanager
    def _refusing(self, table: Table) -> Iterator[None]:
        import pymysql

        try:
            yield
        except pymysql.Error as error:
            said = str(error.args[-1])
            raise Refused(self._at_fault(table, said), f"MariaDB {error.args[0]}") from error

    def _at_fault(self, table: Table, said: str) -> tuple[str, ...]:
        """The columns that an error is about."""
        # A column's own check is named by table and column.
        check = re.search(r"^CONSTRAINT `(?:[^`]+\.)?([^`.]+)` failed", said)
        if check:
            return next((each.columns for each in table.checks if each.name == check.group(1)), ())
        unique = re.search(r"^Duplicate entry .* for key '([^']+)'", said, re.DOTALL)
        if unique:
            found = self._all(INDEXED, (table.name, unique.group(1)))
            return tuple(str(each["name"]) for each in found)
        foreign = re.search(r"FOREIGN KEY \(([^()]*)\) REFERENCES", said)
        if foreign:
            return tuple(name.strip(' "`') for name in foreign.group(1).split(","))
        named = re.search(r"(?:[Cc]olumn|Field) (?:[`\"].*[`\"]\.)?['`\"]([^'`\"]+)['`\"]", said)
        return (named.group(1),) if named else ()


INDEXED = (
    "SELECT column_name AS name FROM information_schema.statistics "
    "WHERE table_schema = database() AND table_name = %s AND index_name = %s ORDER BY seq_in_index"
)


def quoted(name: str) -> str:
    """`schema.table`, or a column, as an SQL identifier."""
    return ".".join(identifier(part) for part in name.split(".", 1))


async def working(database: Database, work: Callable[[Session], T]) -> T:
    """Do something in a database that stands at its sealed rows, and seal what came of it. Raises NoDatabase.

    PostgreSQL and MariaDB are worked on as they are. SQLite's sealed copy is worked on, which the guest cannot touch;
    `reset` carries it over.
    """
    if database.dialect != "sqlite":
        within = _in_postgres if database.dialect == "postgres" else _in_mariadb
        made = await asyncio.to_thread(within, database, work)
        await database.seal()
        return made
    made = await asyncio.to_thread(_in_sqlite, database, work)
    await database.reset()
    return made


def _in_postgres(database: Database, work: Callable[[Session], T]) -> T:
    import psycopg

    with psycopg.connect(**database.admin, autocommit=True) as session:
        return work(Postgres(session))


def _in_mariadb(database: Database, work: Callable[[Session], T]) -> T:
    from evaluators.service.mariadb_session import connected

    with connected(database.admin) as session:
        return work(Mariadb(session))


def _in_sqlite(database: Database, work: Callable[[Session], T]) -> T:
    # The sealed copy is the gate's own: the guest cannot touch it.
    with closing(sqlite3.connect(database.admin["sealed"], isolation_level=None)) as session:
        session.row_factory = sqlite3.Row
        session.execute("PRAGMA foreign_keys = on")
        return work(Sqlite(session))
