"""Rows for the gate's identities: in the order of foreign keys, with values that the CHECKs allow.

A judge that cannot get in sees nothing. Each table gets a few rows that belong
to identity A and some that belong to B. Everything is deterministic: the same
schema gets the same rows on every machine.
"""

from __future__ import annotations

import asyncio
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from evaluators.service.database import Database
from evaluators.service.inserting import Refused, Row, Session, Sqlite, quoted, working
from evaluators.service.tables import Column, Table, tables_of
from evaluators.service.values import LARGE_NAMES, candidates, is_ordinary, labels_of

__all__ = ["IDENTITIES", "LIFTED", "Seeds", "Sqlite", "inserted", "ordered", "plain", "quoted", "seeded", "tables_in"]

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
    if database.dialect != "postgres":
        await database.seal()
    return await working(database, lambda session: _fill(session, given))


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


def _fill(session: Session, given: Given | None = None) -> Seeds:
    """Fill every table."""
    given = given or {}
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
            row = inserted(session, table, who, number, seeds)
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


def inserted(
    session: Session, table: Table, who: str, number: int, seeds: Seeds, given: Row | None = None, letter: str = ""
) -> Row:
    """One row of an identity: try values until the database takes them.

    Args:
        number: goes into values, so that rows differ.
        given: values that the row is to have.
        letter: `a` to `f`, goes into values too; that of the identity where it is empty.

    Raises Refused with the last reason.
    """
    fixed = {**_pointing(table, who, number, seeds), **(given or {})}
    choices: dict[str, list[Any]] = {
        column.name: _ranked(candidates(column, table, letter or who, number), column, table, seeds)
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
                choices.setdefault(name, _widened(table, name, fixed, letter or who, number))
            tried[moving] = itertools.product(*(choices[name][:CHOICES] for name in moving))
        following = next(tried[moving], None)
        if following is None:
            break
        values.update(zip(moving, following, strict=True))
    raise refused


def _ranked(values: list[Any], column: Column, table: Table, seeds: Seeds) -> list[Any]:
    """The labels of a user, or of what gives a user rights, with those of ordinary people first.

    A row that made an identity an administrator would blind every probe of rights.
    """
    if not labels_of(column, table):
        return values
    if table.name == seeds.users:
        return sorted(values, key=lambda label: not is_ordinary(label))
    if any(key.table == seeds.users for key in table.foreign_keys) and set(table.key) == {
        column.name, *(name for key in table.foreign_keys for name in key.columns)
    }:  # fmt: skip
        return [label for label in values if is_ordinary(label)] or values
    return values


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
    return numeric and column.name not in table.key and LARGE_NAMES.search(column.name) is not None


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
        # Two keys to one table (from and to) take different rows; the last of several is left without children.
        row = rows[(number + used.get(key.table, 0)) % (len(rows) - 1 if len(rows) > 2 else len(rows))]
        used[key.table] = used.get(key.table, 0) + 1
        values.update({name: row[target] for name, target in zip(key.columns, key.targets, strict=True)})
    return values


def _required(table: Table, name: str) -> bool:
    column = table.column(name)
    return column is not None and not column.has_default
