"""What the gate did to the rows between two steps, as lines for a shell: without them the steps would show nothing."""

from __future__ import annotations

import base64
import gzip
import json
import shlex
from collections.abc import Iterator, Sequence
from typing import Any

from evaluators.probes.world import World
from evaluators.service.database import literal
from evaluators.service.oracle import Row, State, Update, changes
from evaluators.service.seeding import ordered, quoted
from evaluators.service.tables import Column, Table

CLIENTS = {
    "postgres": 'psql -q -v ON_ERROR_STOP=1 "$DATABASE_URL"',
    "mysql": 'mariadb --defaults-extra-file="$DATABASE_OPTIONS"',
    "sqlite": 'sqlite3 "$DATABASE_FILE"',
}
LONG = 4000
"""Characters of SQL from which on it is packed."""


def prepared(world: World, before: State, after: State) -> list[str]:
    """Lines that make the rows of `before` those of `after`; none where they are the same."""
    statements = list(_statements(world, before, after))
    if not statements:
        return []
    dialect = world.running.database.dialect
    if dialect == "mysql":
        statements.insert(0, "SET sql_mode = concat(@@sql_mode, ',ANSI_QUOTES')")
    text, client = "\n".join(f"{each};" for each in statements), CLIENTS[dialect]
    if len(text) <= LONG:
        return [f"{client} <<'END'\n{text}\nEND"]
    packed = base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode()
    return [f"printf %s {shlex.quote(packed)} | base64 -d | gunzip | {client}"]


def _statements(world: World, before: State, after: State) -> Iterator[str]:
    """DELETE, INSERT and UPDATE in an order that foreign keys allow."""
    done = changes(before, after, world.keys)
    tables = {table.name: table for table in ordered(world.seeds.tables)}
    dialect = world.running.database.dialect
    for name in reversed(tables):
        for row in (each for called, each in done.removed if called == name):
            yield f"DELETE FROM {quoted(name)} WHERE {_where(tables[name], row, dialect)}"  # noqa: S608 - quoted
    for name, table in tables.items():
        rows = done.rows_added(name)
        yield from (_insert(table, row, dialect) for row in rows)
        if rows and dialect == "postgres":
            yield from _drawn(table, rows)
        yield from (_update(table, each, dialect) for each in done.updated if each.table == name)


def _insert(table: Table, row: Row, dialect: str) -> str:
    columns = [each for each in table.columns if each.name in row and (not each.computed or each.name in table.key)]
    names = ", ".join(quoted(each.name) for each in columns)
    values = ", ".join(_literal(row[each.name], each, dialect) for each in columns)
    own = " OVERRIDING SYSTEM VALUE" if dialect == "postgres" else ""
    return f"INSERT INTO {quoted(table.name)} ({names}){own} VALUES ({values})"  # noqa: S608 - quoted


def _update(table: Table, update: Update, dialect: str) -> str:
    columns = (each for each in table.columns if each.name in update.columns and not each.computed)
    sets = ", ".join(f"{quoted(each.name)} = {_literal(update.after[each.name], each, dialect)}" for each in columns)
    return f"UPDATE {quoted(table.name)} SET {sets} WHERE {_where(table, update.before, dialect)}"  # noqa: S608 - quoted


def _where(table: Table, row: Row, dialect: str) -> str:
    names = table.key or tuple(sorted(row))
    columns = [each for each in table.columns if each.name in names]
    told = (
        f"{quoted(each.name)} IS NULL"
        if row.get(each.name) is None
        else f"{quoted(each.name)} = {_literal(row[each.name], each, dialect)}"
        for each in columns
    )
    return " AND ".join(told)


def _drawn(table: Table, rows: Sequence[Row]) -> Iterator[str]:
    """The sequences of a table go on behind what was inserted."""
    for column in table.columns:
        number = "int" in column.type and (column.computed or column.has_default)
        if number and all(isinstance(row.get(column.name), int) for row in rows):
            held = f"pg_get_serial_sequence('{quoted(table.name)}', '{column.name}')"
            most = f"(SELECT max({quoted(column.name)}) FROM {quoted(table.name)})"  # noqa: S608 - quoted
            yield f"SELECT setval({held}, {most}) WHERE {held} IS NOT NULL"


def _literal(value: Any, column: Column, dialect: str) -> str:
    """A value as SQL; what JSON holds of it is read by the column's own type."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return str(value).upper() if dialect == "postgres" else str(int(value))
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, list) and column.type.endswith("[]"):
        value = "{" + ",".join("NULL" if each is None else json.dumps(str(each)) for each in value) + "}"
    text = value if isinstance(value, str) else json.dumps(value)
    if dialect == "sqlite" and "blob" in column.type:
        return f"X'{text}'"
    return literal(text, dialect)
