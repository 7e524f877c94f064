"""Rows for the gate's identities: in the order of foreign keys, with values that the CHECKs allow.

A judge that cannot get in sees nothing. Each table gets a few rows that belong
to identity A and some that belong to B. Everything is deterministic: the same
schema gets the same rows on every machine.
"""

from __future__ import annotations

import asyncio
import itertools
import re
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field
from typing import Any

from evaluators.service.database import Database
from evaluators.service.tables import Column, Table, tables_of
from evaluators.service.values import candidates, labels_of

IDENTITIES = ("a", "b")
LIFTED = "c"
"""The identity that is to get more rights; of its own it has a row of the table of users, no more."""
ROWS = {"a": 3, "b": 2, LIFTED: 1}
MORE = {"a": 3, "b": 1, LIFTED: 0}
"""Further rows of a table whose rows are in one of several states."""
LEFT: Any = object()
"""A column that is left to its default."""
CHOICES = 12
"""Values of one column that are combined with those of others."""
ATTEMPTS = 400
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


Given = Mapping[str, Mapping[str, Sequence[Row]]]
"""Table -> identity -> rows that are there already."""


async def seeded(database: Database, given: Given | None = None) -> Seeds:
    """Fill every table, and seal the database so that `reset` returns to these rows.

    Args:
        given: rows that belong to the identities already (what their registration made); they get no second user.

    Raises NoDatabase where the database cannot be reached.
    """
    if database.dialect == "postgres":
        seeds = await asyncio.to_thread(_in_postgres, database, given or {})
        await database.seal()
        return seeds
    await database.seal()
    seeds = await asyncio.to_thread(_in_sqlite, database, given or {})
    await database.reset()
    return seeds


async def tables_in(database: Database) -> tuple[Table, ...]:
    """The tables of a database. Raises NoDatabase."""
    return await asyncio.to_thread(_tables_in, database)


def _tables_in(database: Database) -> tuple[Table, ...]:
    if database.dialect == "postgres":
        import psycopg

        with psycopg.connect(**database.admin, autocommit=True) as session:
            return tables_of(session, "postgres")
    with database.snapshot() as seen:  # type: ignore[attr-defined]
        return tables_of(seen, database.dialect)


def _in_postgres(database: Database, given: Given) -> Seeds:
    import psycopg

    with psycopg.connect(**database.admin, autocommit=True) as session:
        return _fill(Postgres(session), given)


def _in_sqlite(database: Database, given: Given) -> Seeds:
    """Rows go into the sealed copy, which the guest cannot touch; `reset` carries them over."""
    path = database.admin["path"]
    sealed = path.parent.with_name(path.parent.name + ".sealed")
    with closing(sqlite3.connect(sealed, isolation_level=None)) as session:
        session.row_factory = sqlite3.Row
        session.execute("PRAGMA foreign_keys = on")
        return _fill(Sqlite(session), given)


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
        return self._all(f"SELECT * FROM {quoted(table)} LIMIT 10", ())  # noqa: S608 - quoted

    def insert(self, table: Table, values: Row) -> Row:
        """Insert and return the row. Raises Refused."""
        names = ", ".join(quoted(name) for name in values)
        marks = ", ".join(self.mark for _ in values)
        body = f"({names}) VALUES ({marks})" if values else "DEFAULT VALUES"
        with self._refusing(table):
            return self._all(f"INSERT INTO {quoted(table.name)} {body} RETURNING *", tuple(values.values()))[0]

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
            raise Refused(columns, getattr(error, "sqlite_errorname", "error")) from error


def quoted(name: str) -> str:
    """`schema.table`, or a column, as an SQL identifier."""
    return ".".join('"' + part.replace('"', '""') + '"' for part in name.split(".", 1))


def _fill(session: Session, given: Given) -> Seeds:
    """Fill every table."""
    seeds = Seeds(tables_of(session.session, session.dialect))
    seeds.users = users_table(seeds.tables)
    for table in ordered(seeds.tables):
        present = session.rows(table.name)
        own = given.get(table.name, {})
        lookup = bool(present) and not own and table.name != seeds.users and not table.foreign_keys
        if lookup:
            seeds.rows[table.name] = {who: present for who in IDENTITIES}
            continue
        for who in IDENTITIES:
            mine = list(own.get(who, ()))
            if mine:
                seeds.rows.setdefault(table.name, {}).setdefault(who, []).extend(mine)
            _rows_of(session, table, who, seeds, len(mine))
        if table.name == seeds.users and not own:
            _rows_of(session, table, LIFTED, seeds, 0)
    return seeds


def _rows_of(session: Session, table: Table, who: str, seeds: Seeds, have: int) -> None:
    """The rows of one identity in a table, besides those that are there."""
    wanted = 1 if table.name == seeds.users else ROWS[who] + min(MORE[who], _states(table))
    for number in range(have, wanted):
        try:
            row = _insert(session, table, who, number, seeds)
        except Refused as error:
            if not seeds.rows.get(table.name, {}).get(who):
                seeds.skipped.setdefault(table.name, str(error))
            break
        seeds.rows.setdefault(table.name, {}).setdefault(who, []).append(row)


def _states(table: Table) -> int:
    """How many values the column has that tells a row's state: each should be met."""
    states = (values for column in table.columns if (values := labels_of(column, table)))
    return max((len(each) for each in states), default=0)


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
    choices: dict[str, list[Any]] = {
        column.name: candidates(column, table, who, number)
        for column in table.columns
        if column.name not in fixed and wanted(column, table)
    }
    values: Row = {name: options[0] for name, options in choices.items()}
    tried: dict[tuple[str, ...], Iterator[tuple[Any, ...]]] = {}
    refused = Refused((), "no value fits")
    for _ in range(ATTEMPTS):
        try:
            return session.insert(
                table, {name: value for name, value in {**fixed, **values}.items() if value is not LEFT}
            )
        except Refused as error:
            refused = error
        moving = tuple(name for name in refused.columns if table.column(name)) or tuple(choices)
        if moving not in tried:
            for name in moving:
                choices.setdefault(name, _widened(table, name, fixed, who, number))
            tried[moving] = itertools.product(*(choices[name][:CHOICES] for name in moving))
        following = next(tried[moving], None)
        if following is None:
            break
        values.update(zip(moving, following, strict=True))
    raise refused


def _widened(table: Table, name: str, fixed: Row, who: str, number: int) -> list[Any]:
    """What else a column may hold that was left out or pointed somewhere: a CHECK over several columns wants it."""
    column = table.column(name)
    if column is None or column.computed:
        return [LEFT]
    plain_ones = [fixed[name]] if name in fixed else [LEFT, *candidates(column, table, who, number)]
    return [*plain_ones, None] if column.nullable else plain_ones


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
