"""Rule unindexed-foreign-key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.names import words
from evaluators.sql.schema import ForeignKey, Schema, Table

SEVERAL = 3
"""From so many on, keys to one table are told as one."""


@rule("unindexed-foreign-key", family="sql", severity=Severity.WARNING)
def unindexed_foreign_key(schema: Schema) -> Iterator[Flaw]:
    """A foreign key's columns have no index.

    Why: Every DELETE of a parent and every join from it scans the whole child
    table. PostgreSQL, SQLite and SQL Server index the parent's side only. It is
    a warning: the schema is right, it only gets slow, and on a table that stays
    small it never does. MySQL makes the index by itself.

    Bad:
        ```sql schema.sql
        CREATE TABLE authors (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            name text NOT NULL
        );
        CREATE TABLE books (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            author_id bigint NOT NULL REFERENCES authors (id) ON DELETE CASCADE,
            title text NOT NULL
        );
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE authors (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            name text NOT NULL
        );
        CREATE TABLE books (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            author_id bigint NOT NULL REFERENCES authors (id) ON DELETE CASCADE,
            title text NOT NULL
        );
        CREATE INDEX books_author_id_idx ON books (author_id);
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE authors (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        CREATE TABLE books (
            author_id bigint REFERENCES authors (id) ON DELETE CASCADE,
            isbn text NOT NULL,
            PRIMARY KEY (author_id, isbn)
        );
        ```

    Precision: Small tables need none, and size is not in a schema. Three keys and
    more to one table are told as one. Who wrote a row (`..._by`) and what a code names
    (a text key: currency, unit) go without an index on purpose in most schemas: told
    only where at least as many such keys have one. An index that begins with any
    column of a composite key counts, and so does a partial one over all rows that
    have a value.

    Source: PostgreSQL manual, 5.5.5 Foreign Keys; Supabase splinter 0001_unindexed_foreign_keys.
    """
    if schema.dialect == "mysql":
        return
    bare: dict[str, list[tuple[Table, ForeignKey]]] = {}
    spared: dict[str, list[tuple[Table, ForeignKey]]] = {}
    served: dict[str, int] = {}
    for table in schema.tables:
        for key in table.foreign_keys:
            kind = _kind(schema, key)
            if any(listed[:1] and listed[0] in key.columns for listed in table.indexed):
                served[kind] = served.get(kind, 0) + 1
            elif not table.partition_of and kind:
                spared.setdefault(kind, []).append((table, key))
            elif not table.partition_of:
                bare.setdefault(key.target, []).append((table, key))
    for kind, found in spared.items():
        if served.get(kind, 0) >= len(found):
            for table, key in found:
                bare.setdefault(key.target, []).append((table, key))
    for target, found in bare.items():
        yield from _told(target, found)


def _kind(schema: Schema, key: ForeignKey) -> str:
    """`by` for who wrote a row, `code` for a natural text key, empty for an ordinary reference."""
    if len(key.columns) != 1:
        return ""
    if words(key.columns[0])[-1:] == ("by",):
        return "by"
    target = schema.table(key.target)
    column = target.column(key.target_columns[0]) if target and key.target_columns else None
    natural = target and column and column.type.is_text and target.primary_columns == (column.name,)
    return "code" if natural else ""


def _told(target: str, found: Sequence[tuple[Table, ForeignKey]]) -> Iterator[Flaw]:
    """One flaw a key, or one for all that point at one table."""
    named = [f"{table.key}.{', '.join(key.columns)}" for table, key in found]
    if len(found) >= SEVERAL:
        yield Flaw(
            target,
            found[0][1].at,
            f"{len(found)} foreign keys to {target} have no index: {'; '.join(named)}.",
            hint="CREATE INDEX for each, or only where rows of the table are deleted or joined from.",
            places=tuple(dict.fromkeys(key.at for _, key in found[1:])),
        )
        return
    for symbol, (table, key) in zip(named, found, strict=True):
        columns = ", ".join(key.columns)
        yield Flaw(
            symbol,
            key.at,
            f"The foreign key {table.key} ({columns}) to {target} has no index.",
            hint=f"CREATE INDEX ON {table.key} ({columns});",
        )
