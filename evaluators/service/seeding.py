"""Rows for the gate's identities: in the order of foreign keys, with values that the CHECKs allow.

A judge that cannot get in sees nothing. Each table gets a few rows that belong
to identity A and some that belong to B. Everything is deterministic: the same
schema gets the same rows on every machine.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from evaluators.service.database import Database
from evaluators.service.filling import Filling, optional
from evaluators.service.inserting import Refused, Row, Session, Sqlite, quoted, working
from evaluators.service.tables import Table, tables_of
from evaluators.service.values import labels_of

__all__ = ["IDENTITIES", "LIFTED", "Seeds", "Sqlite", "inserted", "ordered", "plain", "quoted", "seeded", "tables_in"]

IDENTITIES = ("a", "b")
LIFTED = "c"
"""The identity that is to get more rights; of its own it has a row of the table of users, no more."""
ROWS = {"a": 3, "b": 2, LIFTED: 1}
MORE = {"a": 3, "b": 1, LIFTED: 0}
"""Further rows of a table whose rows are in one of several states."""
USERS = ("users", "user", "app_users", "app_user", "accounts", "profiles", "members", "customers", "people")
"""Names of the table of users, likeliest first."""


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
    if isinstance(value, bytes):
        return value.hex()
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


Given = Mapping[str, Mapping[str, Sequence[Row]]]
"""Table -> identity -> rows that are there already."""


async def seeded(database: Database, given: Given | None = None) -> Seeds:
    """Fill every table, and seal the database so that `reset` returns to these rows.

    Args:
        given: rows that belong to the identities already (what their registration made); they get no second user.

    Raises NoDatabase where the database cannot be reached.
    """
    if database.dialect == "sqlite":
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
    if database.dialect == "mysql":
        from evaluators.service.mariadb_session import connected

        with connected(database.admin) as opened:
            return tables_of(opened, "mysql")
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
                seeds.skipped[table.name] = str(error)
            continue
        seeds.skipped.pop(table.name, None)
        seeds.rows.setdefault(table.name, {}).setdefault(who, []).append(row)


def _states(table: Table) -> int:
    """How many values the column has that tells a row's state: each should be met."""
    states = (values for column in table.columns if (values := labels_of(column, table)))
    return max((len(each) for each in states), default=0)


def users_table(tables: tuple[Table, ...]) -> str | None:
    """The table whose rows are users: by name, and of these the one with an address or a password.

    Where none is named so, it is the only one with a password that others point to, else the only one with an address.
    """

    def rank(table: Table) -> tuple[bool, int, bool]:
        bare = table.name.rpartition(".")[2].lower()
        return not has(table, "email|password|username"), USERS.index(bare), "." in table.name

    def has(table: Table, words: str) -> bool:
        return any(re.search(words, column.name.lower()) for column in table.columns)

    named = [table for table in tables if table.name.rpartition(".")[2].lower() in USERS]
    if named:
        return min(named, key=rank).name
    pointed = {key.table for table in tables for key in table.foreign_keys if key.table != table.name}
    for words in ("password", "email"):
        found = [table.name for table in tables if table.name in pointed and has(table, words)]
        if len(found) == 1:
            return found[0]
    return None


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
    return {key.table for key in table.foreign_keys if not (only_required and optional(table, key.columns))} - {
        table.name
    }


def inserted(
    session: Session, table: Table, who: str, number: int, seeds: Seeds, *,
    given: Row | None = None, near: Row | None = None, letter: str = "",
) -> Row:  # fmt: skip
    """One row of an identity: values are tried until the database takes them.

    Args:
        number: goes into values, so that rows differ.
        given: values that the row is to have.
        near: a row that points to where this one may point too.
        letter: `a` to `f`, goes into values too; that of the identity where it is empty.

    Raises Refused with the last reason.
    """
    rows = {name: held.get(who, []) for name, held in seeds.rows.items()}
    return Filling(session, table, letter or who, number, rows, seeds.users, given or {}, near or {}).row()
