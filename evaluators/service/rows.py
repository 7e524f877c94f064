"""A minimal valid row for each table, found by asking the database; and what it must refuse.

Everything happens in one transaction that is rolled back: the tables stay empty.
"""

from __future__ import annotations

import datetime
import itertools
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from evaluators.code.expressions import words
from evaluators.sql.facts import Column, Schema, Table

if TYPE_CHECKING:
    import psycopg

TRIES = 3000
"""Most rows that are tried for one table."""

_MONEY = {"amount", "principal", "interest", "fee", "balance", "price", "total", "quantity", "payment"}
_NO_MONEY = {"rate", "ratio", "percent", "id", "count", "adjustment", "delta", "change", "number", "type", "status"}


@dataclass
class Filled:
    """What was written, and what was not refused."""

    rows: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Table's key -> its row as the database gave it back."""
    unfilled: dict[str, str] = field(default_factory=dict)
    """Table's key -> the constraint that no tried row satisfied."""
    nulls: list[tuple[str, str]] = field(default_factory=list)
    """(table, column) declared NOT NULL where NULL was accepted."""
    negatives: list[tuple[str, str]] = field(default_factory=list)
    """(table, column) of money where -1 was accepted."""


def fill(connection: psycopg.Connection[Any], schema: Schema) -> Filled:
    """Fill the schema's tables in foreign-key order, probe each, roll back. Raises psycopg.OperationalError."""
    filled = Filled()
    # With a transaction open, each `connection.transaction()` below is a savepoint.
    connection.execute("SELECT 1")
    try:
        for table in schema.ordered:
            _fill_one(connection, table, filled)
    finally:
        connection.rollback()
    return filled


def _fill_one(connection: psycopg.Connection[Any], table: Table, filled: Filled) -> None:
    """Find a row for one table, keep it, and probe what it must refuse."""
    last = "a foreign key to a table without a row"
    for row, last in _search(connection, table, filled):
        if not last:
            filled.rows[table.key] = row
            _probe(connection, table, row, filled)
            return
    filled.unfilled[table.key] = last


def _search(connection: psycopg.Connection[Any], table: Table, filled: Filled) -> Iterator[tuple[dict[str, Any], str]]:
    """Rows that were tried, each with the constraint that refused it (empty: it was kept)."""
    choices = {column.name: _choices(column, table, filled) for column in table.columns if _is_ours(column)}
    if any(not values for values in choices.values()):
        return
    given = {name: values[0] for name, values in choices.items()}
    kept, why, moved = _insert(connection, table, given)
    yield kept, why
    varied: list[str] = []
    tries = 0
    while why and tries < TRIES:
        fresh = [name for name in moved if name in choices and name not in varied]
        if not fresh:
            return
        varied += fresh
        for values in itertools.product(*(choices[name] for name in varied)):
            tries += 1
            kept, why, moved = _insert(connection, table, {**given, **dict(zip(varied, values, strict=True))})
            yield kept, why
            if not why or set(moved) - set(varied) or tries >= TRIES:
                break


def _insert(
    connection: psycopg.Connection[Any], table: Table, row: dict[str, Any]
) -> tuple[dict[str, Any], str, list[str]]:
    """Insert a row: what the database kept, else the constraint that refused and the columns it is about."""
    import psycopg
    from psycopg import sql
    from psycopg.rows import dict_row

    given = {name: value for name, value in row.items() if value is not _DEFAULT}
    named = sql.Identifier(table.schema, table.name) if table.schema else sql.Identifier(table.name)
    if given:
        statement = sql.SQL("INSERT INTO {} ({}) VALUES ({}) RETURNING *").format(
            named,
            sql.SQL(", ").join(map(sql.Identifier, given)),
            sql.SQL(", ").join(sql.Placeholder() * len(given)),
        )
    else:
        statement = sql.SQL("INSERT INTO {} DEFAULT VALUES RETURNING *").format(named)
    try:
        with connection.transaction(), connection.cursor(row_factory=dict_row) as cursor:
            kept = cursor.execute(statement, list(given.values())).fetchone()
            return dict(kept or {}), "", []
    except psycopg.OperationalError:
        raise
    except psycopg.Error as error:
        name = error.diag.constraint_name or ""
        column = error.diag.column_name
        about = [column] if column else _columns_of(connection, table, name)
        return {}, name or f"SQLSTATE {error.sqlstate}", about or list(row)


def _columns_of(connection: psycopg.Connection[Any], table: Table, constraint: str) -> list[str]:
    """The columns of a constraint, as the database knows them."""
    told = connection.execute(
        "SELECT a.attname FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid "
        "JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = ANY (c.conkey) "
        "WHERE t.relname = %s AND c.conname = %s ORDER BY a.attnum",
        [table.name, constraint],
    )
    return [str(row[0]) for row in told]


def _probe(connection: psycopg.Connection[Any], table: Table, row: dict[str, Any], filled: Filled) -> None:
    """Try what must be refused, each in a savepoint that goes."""
    import psycopg

    ours = [column for column in table.columns if _is_ours(column)]
    base = {column.name: row.get(column.name) for column in ours}
    for column in ours:
        wrong: list[tuple[Any, list[tuple[str, str]]]] = []
        if not column.nullable:
            wrong.append((None, filled.nulls))
        if (
            column.type.family in ("integer", "decimal", "float")
            and is_money(column.name)
            and not _refers(table, column)
        ):
            wrong.append((-1, filled.negatives))
        for value, accepted in wrong:
            changed = {**base, **_fresh_keys(table, base), column.name: value}
            try:
                with connection.transaction() as savepoint:
                    kept, _, _ = _insert(connection, table, changed)
                    if kept:
                        accepted.append((table.key, column.name))
                    raise psycopg.Rollback(savepoint)
            except psycopg.IntegrityError:
                continue


def _fresh_keys(table: Table, base: dict[str, Any]) -> dict[str, Any]:
    """Other values for the columns of unique keys, so that a second row is refused for its fault alone."""
    fresh: dict[str, Any] = {}
    for name in {name for columns in table.unique_sets for name in columns}:
        column, value = table.column(name), base.get(name)
        if column is None or name not in base or _refers(table, column):
            continue
        if isinstance(value, uuid.UUID):
            fresh[name] = uuid.UUID(int=7)
        elif isinstance(value, int) and not isinstance(value, bool):
            fresh[name] = value + 1
        elif isinstance(value, (datetime.date, datetime.datetime)):
            fresh[name] = value + datetime.timedelta(days=31)
    return fresh


def is_money(name: str) -> bool:
    """Whether a column's name speaks of an amount that cannot be negative."""
    parts = set(words(name))
    return bool(parts & _MONEY) and not parts & _NO_MONEY


def _refers(table: Table, column: Column) -> bool:
    """Whether a column is part of a foreign key."""
    return table.foreign_key_of(column.name) is not None


class _Default:
    """Stands for a column that is left to its default."""


_DEFAULT = _Default()


def _is_ours(column: Column) -> bool:
    """Whether a writer may give the column a value."""
    return column.generated is None and column.identity != "always"


def _choices(column: Column, table: Table, filled: Filled) -> list[Any]:
    """Values to try for a column, the likeliest first; empty where none can be right."""
    key = table.foreign_key_of(column.name)
    if key is not None:
        target = filled.rows.get(key.target)
        if target is not None:
            there = dict(zip(key.columns, key.target_columns, strict=False)).get(column.name, "")
            return [target.get(there), *([None] if column.nullable else [])]
        return [None] if column.nullable else []
    values = [*_stated(column, table), *_usual(column)]
    fitting = [
        value for value in values if not (isinstance(value, str) and len(value) > (column.type.length or 10_000))
    ]
    if column.default is not None or column.identity:
        return [_DEFAULT, *fitting[:6], *([None] if column.nullable else [])]
    return [None, *fitting[:6]] if column.nullable else fitting[:8]


def _stated(column: Column, table: Table) -> list[Any]:
    """Values that the column's CHECKs and its type spell out."""
    if column.type.values:
        return list(column.type.values)
    text = " ".join(check.expression for check in table.checks_of(column.name))
    if column.type.family == "text":
        return [
            each.replace("''", "'")
            for each in re.findall(r"'((?:[^']|'')*)'", text)
            if not re.search(r"[\^$*+\\]", each)
        ]
    if column.type.family in ("integer", "decimal"):
        return [Decimal(each) for each in re.findall(r"(?<![\w.'])\d+(?:\.\d+)?(?![\w.'])", text)][:3]
    return []


def _usual(column: Column) -> list[Any]:
    """Values that columns of this type usually take."""
    zone = datetime.UTC if column.type.timezone else None
    family: dict[str, list[Any]] = {
        "integer": [1, 2, 3, 0, 12, 100],
        "decimal": [Decimal(1), Decimal(2), Decimal(3), Decimal(0), Decimal(100)],
        "float": [1.0, 2.0, 0.0],
        "boolean": [False, True],
        "timestamp": [datetime.datetime(2024, 1, 2, 12, tzinfo=zone), datetime.datetime(2024, 3, 4, 12, tzinfo=zone)],
        "date": [datetime.date(2024, 1, 2), datetime.date(2024, 3, 4)],
        "time": [datetime.time(12), datetime.time(13)],
        "interval": [datetime.timedelta(days=1)],
        "uuid": [uuid.UUID(int=1)],
        "json": ["{}"],
        "bytes": [b"x"],
        "network": ["127.0.0.1"],
    }
    texts = ["USD", "usd", "abc", "a@example.org", "a", "https://example.org", "US", "+15550100", "0" * 64, "2024-01"]
    values = family.get(column.type.family, texts)
    return [[value] for value in values] if column.type.array else values
