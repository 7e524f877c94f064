"""What differs between a table as the schema file writes it and as the migrations build it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.sql.facts import Column, Schema, Table

_HARMLESS = re.compile(
    r"\s*(create\s+(or\s+replace\s+)?(function|trigger|procedure|role|user|view)|grant|revoke|comment|insert|update|set|do"
    r"|pragma|select|alter\s+default|begin|commit)\b",
    re.IGNORECASE,
)
"""How a statement begins that makes no table, column, key or index."""


def unread(schema: Schema) -> bool:
    """Whether a statement that was not read may have made something that is compared."""
    return any(not _HARMLESS.match(each.statement.text) for each in schema.unread)


def differences(written: Table, built: Table) -> Iterator[tuple[str, str]]:
    """(symbol, what differs), in words; names of constraints and the order of columns do not matter."""
    key = written.key
    for name in dict.fromkeys(column.name for column in (*written.columns, *built.columns)):
        one, other = written.column(name), built.column(name)
        if one is None or other is None:
            yield f"{key}.{name}", "only the schema file has it" if other is None else "only the migrations make it"
            continue
        said = _column(one, other)
        if said:
            yield f"{key}.{name}", said
    yield from _sets(key, "is unique", _unique(written), _unique(built))
    yield from _sets(key, "is a foreign key", _references(written), _references(built))
    yield from _sets(key, "is checked", _checked(written), _checked(built))


def _column(one: Column, other: Column) -> str:
    """How a column of the schema file differs from the migrations' one, or empty."""
    if str(one.type) != str(other.type):
        return f"{one.type} in the schema file, {other.type} by the migrations"
    if one.nullable != other.nullable:
        return "NOT NULL in only one of the two"
    if (one.default is None) != (other.default is None) and bool(one.identity) == bool(other.identity):
        return "a default in only one of the two"
    return ""


def _sets(key: str, what: str, one: set[str], other: set[str]) -> Iterator[tuple[str, str]]:
    """What only one of the two has."""
    for columns in sorted(one ^ other):
        where = "the schema file" if columns in one else "the migrations"
        yield f"{key}.{columns.split(' ', 1)[0]}", f"{columns} {what} only in {where}"


def _unique(table: Table) -> set[str]:
    """Column lists that are unique, over the whole table or a part of it."""
    partly = {
        f"{', '.join(sorted(each.columns))} (in part)" for each in table.indexes if each.unique and each.predicate
    }
    return {", ".join(sorted(columns)) for columns in table.unique_sets} | partly


def _references(table: Table) -> set[str]:
    """Foreign keys as text."""
    return {f"{', '.join(key.columns)} to {key.target} {key.on_delete}".rstrip() for key in table.foreign_keys}


def _checked(table: Table) -> set[str]:
    """The columns that CHECKs speak of, as far as that: texts of conditions are written in many ways."""
    return {", ".join(check.columns) for check in table.checks}
