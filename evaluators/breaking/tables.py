"""Compares two schemas: what stored rows and code that still runs cannot live with."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.breaking.difference import RUNNING, STORED, Difference
from evaluators.finding import Location
from evaluators.sql.facts import Column, Schema, Table
from evaluators.sql.types import ColumnType

BOTH = f"{STORED}, and {RUNNING}"


def compared(before: Schema, after: Schema) -> Iterator[Difference]:
    """Every difference between two schemas that breaks rows or running code."""
    anywhere = next((table.at for table in after.tables), Location(before.tables[0].at.path if before.tables else "."))
    for table in before.tables:
        other = after.table(table.key)
        if other is not None:
            yield from _table(table, other)
        elif not table.temporary:
            hint = _moved(table, before, after)
            message = f"The table {table.key} is gone."
            yield Difference("table-dropped", table.key, anywhere, message, BOTH, hint)
    values = {enum.name: enum for enum in after.enums}
    for enum in before.enums:
        new = values.get(enum.name)
        lost = [value for value in enum.values if new is not None and value not in new.values]
        if new is not None and lost:
            message = f"The type {enum.name} no longer has {lost[0]}."
            yield Difference("enum-value-dropped", enum.name, new.at, message, BOTH)


def _moved(table: Table, before: Schema, after: Schema) -> str:
    """What a table that went may be called now."""
    names = {column.name for column in table.columns}
    new = [each for each in after.tables if before.table(each.key) is None]
    alike = [each.key for each in new if {column.name for column in each.columns} == names]
    return f"It may be called {alike[0]} now: keep a view of the old name." if len(alike) == 1 else ""


def _table(before: Table, after: Table) -> Iterator[Difference]:
    if before.opaque or after.opaque:
        return
    new = [column for column in after.columns if before.column(column.name) is None]
    gone = [column for column in before.columns if after.column(column.name) is None]
    for column in gone:
        renamed = _renamed(column, gone, new, before, after)
        symbol = f"{before.key}.{column.name}"
        if renamed is not None:
            message = f"The column {symbol} is called {renamed.name} now."
            yield Difference("column-renamed", symbol, renamed.at, message, RUNNING)
            new.remove(renamed)
        else:
            yield Difference("column-dropped", symbol, after.at, f"The column {symbol} is gone.", BOTH)
    for column in new:
        filled = column.default is not None or column.identity or column.generated is not None
        if not column.nullable and not filled:
            symbol = f"{after.key}.{column.name}"
            message = f"The new column {symbol} is NOT NULL and has no default."
            yield Difference("required-column-added", symbol, column.at, message, BOTH)
    for column in before.columns:
        other = after.column(column.name)
        if other is not None:
            yield from _column(f"{before.key}.{column.name}", column, other)
    yield from _constraints(before, after)


def _renamed(column: Column, gone: list[Column], new: list[Column], before: Table, after: Table) -> Column | None:
    """The one new column of the type of the one that went, at its place; None where that is a guess."""
    alike = [each for each in new if each.type == column.type and each.nullable == column.nullable]
    rivals = [each for each in gone if each.type == column.type]
    if len(alike) != 1 or len(rivals) != 1:
        return None
    place = [each.name for each in before.columns].index(column.name)
    now = [each.name for each in after.columns].index(alike[0].name)
    return alike[0] if place == now else None


def _column(symbol: str, before: Column, after: Column) -> Iterator[Difference]:
    if _narrower(before.type, after.type):
        message = f"The column {symbol} was {before.type} and is {after.type}, which holds less."
        yield Difference("column-narrowed", symbol, after.at, message, BOTH)
    elif before.type.family != after.type.family or before.type.array != after.type.array:
        message = f"The column {symbol} was {before.type} and is {after.type}."
        yield Difference("column-type-changed", symbol, after.at, message, RUNNING)
    elif before.type.timezone != after.type.timezone:
        message = f"The column {symbol} was {before.type} and is {after.type}."
        yield Difference("column-type-changed", symbol, after.at, message, BOTH)
    if before.nullable and not after.nullable:
        message = f"The column {symbol} may no longer be NULL."
        yield Difference("not-null-added", symbol, after.at, message, BOTH)
    if before.default is not None and after.default is None and not after.identity and after.generated is None:
        message = f"The column {symbol} has lost its default."
        yield Difference("default-dropped", symbol, after.at, message, RUNNING)


def _narrower(before: ColumnType, after: ColumnType) -> bool:
    """Whether a stored value may no longer fit."""
    if before.array or after.array or before.family != after.family:
        return False
    if before.family == "integer":
        return 0 < after.bits < before.bits
    if before.family == "text":
        return after.length is not None and (before.length is None or after.length < before.length)
    if before.family == "decimal" and after.precision is not None:
        whole = (before.precision or 10_000) - (before.scale or 0)
        return after.precision - (after.scale or 0) < whole or (after.scale or 0) < (before.scale or 0)
    return False


def _constraints(before: Table, after: Table) -> Iterator[Difference]:
    """What rows must now keep to, and did not have to before."""
    columns = {column.name for column in before.columns}
    known = set(before.unique_sets)
    for key in after.keys:
        names = frozenset(key.columns)
        if names <= columns and not any(other <= names for other in known):
            yield _added(after, f"{', '.join(key.columns)} must be unique", key.at, " ".join(key.columns))
    for index in after.indexes:
        names = frozenset(index.columns)
        if index.unique and not index.predicate and names <= columns and not any(each <= names for each in known):
            yield _added(after, f"{', '.join(index.columns)} must be unique", index.at, " ".join(index.columns))
    checks = {check.expression for check in before.checks}
    for check in after.checks:
        if check.expression not in checks and set(check.columns) & columns:
            yield _added(after, f"rows must satisfy {check.expression[:80]}", check.at, check.expression[:80])
    targets = {(key.columns, key.target) for key in before.foreign_keys}
    for foreign in after.foreign_keys:
        if (foreign.columns, foreign.target) not in targets and set(foreign.columns) <= columns:
            said = f"{', '.join(foreign.columns)} must exist in {foreign.target}"
            yield _added(after, said, foreign.at, f"{' '.join(foreign.columns)} {foreign.target}")


def _added(table: Table, said: str, at: Location, about: str) -> Difference:
    message = f"In {table.key}, {said} from now on."
    return Difference("constraint-added", f"{table.key} {about}", at, message, BOTH)
