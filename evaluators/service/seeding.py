"""Rows for the gate's identities: in the order of foreign keys, with values that the CHECKs allow.

A judge that cannot get in sees nothing. Each table gets a few rows that belong
to identity A and some that belong to B. Everything is deterministic: the same
schema gets the same rows on every machine.
"""

from __future__ import annotations

import asyncio
import re
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field
from typing import Any

from evaluators.service.database import Database
from evaluators.service.tables import Column, Table, tables_of
from evaluators.service.values import candidates

IDENTITIES = ("a", "b")
ROWS = {"a": 3, "b": 2}
ATTEMPTS = 80
"""Inserts tried for one row."""
USERS = ("users", "user", "app_users", "app_user", "accounts", "profiles", "members", "customers", "people")
"""Names of the table of users, likeliest first."""
OWNING = re.compile(r"(^|_)(user|owner|author|created_by|customer|member|creator|account_holder)(_|$)")

Row = dict[str, Any]


@dataclass
class Seeds:
    """What was put into the database."""

    tables: tuple[Table, ...] = ()
    users: str | None = None
    """The table of users."""
    rows: dict[str, dict[str, list[Row]]] = field(default_factory=dict)
    """Table -> identity -> its rows, as the database gave them back."""
    skipped: dict[str, str] = field(default_factory=dict)
    """Table -> why it has no row."""

    def table(self, name: str) -> Table | None:
        """The table of that name, or None."""
        return next((table for table in self.tables if table.name == name), None)

    def ids(self, table: str, who: str = "a") -> list[Any]:
        """The keys of an identity's rows, as JSON holds them; empty for a key of several columns."""
        found = self.table(table)
        if found is None or len(found.key) != 1:
            return []
        return [plain(row[found.key[0]]) for row in self.rows.get(table, {}).get(who, [])]


def plain(value: Any) -> Any:
    """A database's value as JSON holds it."""
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


async def seeded(database: Database) -> Seeds:
    """Fill every table, and seal the database so that `reset` returns to these rows.

    Raises NoDatabase where the database cannot be reached.
    """
    if database.dialect == "postgres":
        seeds = await asyncio.to_thread(_in_postgres, database)
        await database.seal()
        return seeds
    await database.seal()
    seeds = await asyncio.to_thread(_in_sqlite, database)
    await database.reset()
    return seeds


def _in_postgres(database: Database) -> Seeds:
    import psycopg

    with psycopg.connect(**database.admin, autocommit=True) as session:
        return _fill(Postgres(session))


def _in_sqlite(database: Database) -> Seeds:
    """Rows go into the sealed copy, which the guest cannot touch; `reset` carries them over."""
    path = database.admin["path"]
    sealed = path.parent.with_name(path.parent.name + ".sealed")
    with closing(sqlite3.connect(sealed, isolation_level=None)) as session:
        session.row_factory = sqlite3.Row
        session.execute("PRAGMA foreign_keys = on")
        return _fill(Sqlite(session))


class Refused(Exception):
    """An insert that the database refused; `columns` are the ones to change, empty if unknown."""

    def __init__(self, columns: tuple[str, ...], why: str) -> None:
        super().__init__(why)
        self.columns = columns


class Session(ABC):
    """One way to insert and to look."""

    dialect = ""
    mark = "?"

    def __init__(self, session: Any) -> None:
        self.session = session

    def rows(self, table: str) -> list[Row]:
        """Up to ten rows of a table."""
        return self._all(f"SELECT * FROM {_quoted(table)} LIMIT 10", ())  # noqa: S608 - quoted

    def insert(self, table: Table, values: Row) -> Row:
        """Insert and return the row. Raises Refused."""
        names = ", ".join(_quoted(name) for name in values)
        marks = ", ".join(self.mark for _ in values)
        body = f"({names}) VALUES ({marks})" if values else "DEFAULT VALUES"
        with self._refusing(table):
            return self._all(f"INSERT INTO {_quoted(table.name)} {body} RETURNING *", tuple(values.values()))[0]

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
            raise Refused(columns, getattr(error, "sqlite_errorname", "error")) from error


def _quoted(name: str) -> str:
    return ".".join('"' + part.replace('"', '""') + '"' for part in name.split(".", 1))


def _fill(session: Session) -> Seeds:
    """Fill every table."""
    seeds = Seeds(tables_of(session.session, session.dialect))
    seeds.users = users_table(seeds.tables)
    for table in ordered(seeds.tables):
        present = session.rows(table.name)
        lookup = bool(present) and table.name != seeds.users and not table.foreign_keys
        if lookup:
            seeds.rows[table.name] = {who: present for who in IDENTITIES}
            continue
        for who in IDENTITIES:
            for number in range(1 if table.name == seeds.users else ROWS[who]):
                try:
                    row = _insert(session, table, who, number, seeds)
                except Refused as error:
                    seeds.skipped.setdefault(table.name, str(error))
                    break
                seeds.rows.setdefault(table.name, {}).setdefault(who, []).append(row)
    return seeds


def users_table(tables: tuple[Table, ...]) -> str | None:
    """The table whose rows are users: by name, and of these the one with an address or a password."""

    def rank(table: Table) -> tuple[bool, int, bool]:
        bare = table.name.rpartition(".")[2].lower()
        told = any(re.search("email|password|username", column.name.lower()) for column in table.columns)
        return not told, USERS.index(bare), "." in table.name

    named = [table for table in tables if table.name.rpartition(".")[2].lower() in USERS]
    return min(named, key=rank).name if named else None


def ordered(tables: tuple[Table, ...]) -> list[Table]:
    """Tables so that what a row needs comes before it; a circle is broken at its first table."""
    left = list(tables)
    done: list[Table] = []
    while left:
        known = {table.name for table in done}
        free = next((table for table in left if _needs(table, False) <= known), None)
        free = free or next((table for table in left if _needs(table, True) <= known), left[0])
        left.remove(free)
        done.append(free)
    return done


def _needs(table: Table, only_required: bool) -> set[str]:
    """The other tables that a row of `table` points to."""
    return {key.table for key in table.foreign_keys if not (only_required and _optional(table, key.columns))} - {
        table.name
    }


def _optional(table: Table, columns: tuple[str, ...]) -> bool:
    return any((column := table.column(name)) is not None and column.nullable for name in columns)


def _insert(session: Session, table: Table, who: str, number: int, seeds: Seeds) -> Row:
    """One row: try values until the database takes them. Raises Refused with the last reason."""
    fixed = _pointing(table, who, number, seeds)
    choices = {
        column.name: candidates(column, table, who, number)
        for column in table.columns
        if column.name not in fixed and wanted(column, table)
    }
    place = dict.fromkeys(choices, 0)
    refused = Refused((), "no value fits")
    for attempt in range(ATTEMPTS):
        values = {name: options[place[name] % len(options)] for name, options in choices.items()}
        try:
            return session.insert(table, {**fixed, **values})
        except Refused as error:
            refused = error
            moving = [name for name in error.columns if name in choices] or list(choices)
            if not moving:
                break
            # The columns of one constraint are turned like the wheels of a counter.
            place[moving[attempt % len(moving)]] += 1
    raise refused


def wanted(column: Column, table: Table) -> bool:
    """Whether a value is given: what must have one, and amounts, which a default of zero would keep useless."""
    if column.computed:
        return False
    if not column.nullable and not column.has_default:
        return True
    if column.type == "uuid" and column.name in table.key:
        # A key that the database draws would differ from run to run.
        return True
    numeric = re.match(r"(small|big)?int|numeric|decimal|real|double|money", column.type) is not None
    return (
        numeric and column.name not in table.key and re.search("balance|credit|stock|quantity", column.name) is not None
    )


def _pointing(table: Table, who: str, number: int, seeds: Seeds) -> Row:
    """The values of the foreign keys. Raises Refused where a needed row is not there."""
    values: Row = {}
    used: dict[str, int] = {}
    for key in table.foreign_keys:
        rows = seeds.rows.get(key.table, {}).get(who, [])
        if not rows or key.table == table.name:
            if not _optional(table, key.columns) and any(_required(table, name) for name in key.columns):
                raise Refused(key.columns, f"needs a row of {key.table}")
            continue
        # Two keys to one table (from and to) take different rows.
        row = rows[(number + used.get(key.table, 0)) % len(rows)]
        used[key.table] = used.get(key.table, 0) + 1
        values.update({name: row[target] for name, target in zip(key.columns, key.targets, strict=True)})
    return values


def _required(table: Table, name: str) -> bool:
    column = table.column(name)
    return column is not None and not column.has_default
