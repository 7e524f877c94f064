"""Rule nullable-unique-column."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.names import words
from evaluators.sql.schema import Column, Schema, Table

_ONCE = {"idempotency", "dedup", "dedupe", "deduplication", "nonce"}
"""Keys that are there to hold a repeated request off."""


@rule("nullable-unique-column", family="sql", severity=Severity.WARNING)
def nullable_unique_column(schema: Schema) -> Iterator[Flaw]:
    """A unique key over several columns does not hold where one of them is NULL.

    Why: NULLs are distinct: two rows with the same other columns and NULL here
    do not collide, so the key holds nothing for them. The usual victim is
    `UNIQUE (email, deleted_at)`, or a key that holds off a request sent twice.

    Bad:
        ```sql schema.sql
        CREATE TABLE members (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            email text NOT NULL,
            deleted_at timestamptz,
            UNIQUE (email, deleted_at)
        );
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE members (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            email text NOT NULL,
            deleted_at timestamptz
        );
        CREATE UNIQUE INDEX members_email_key ON members (email) WHERE deleted_at IS NULL;
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE members (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            email text NOT NULL,
            nickname text,
            deleted_at timestamptz,
            UNIQUE NULLS NOT DISTINCT (email, deleted_at),
            UNIQUE (email, nickname)
        );
        ```

    Precision: Judged for times, for text and keys against repetition (an idempotency
    key) that other tables hold NOT NULL in keys of theirs, and for references beside
    two required columns. One optional reference beside its owner (an invoice per
    order, if any) is meant, and so is what a CHECK ties NULL to. SQL Server holds
    NULLs equal in a unique key and is not judged.

    Source: PostgreSQL manual, 5.5.3 Unique Constraints (NULLS NOT DISTINCT).
    """
    if schema.dialect == "tsql":
        return
    for table in schema.tables:
        sets = [(key.columns, key.at) for key in table.keys if not key.primary and key.nulls_distinct]
        sets += [(index.columns, index.at) for index in table.indexes if index.unique and not index.predicate]
        for columns, at in sets:
            if len(columns) < 2:
                continue
            for column in filter(None, map(table.column, columns)):
                if column.nullable and _meant_to_hold(schema, table, column, columns):
                    yield Flaw(
                        f"{table.key}.{column.name}",
                        at,
                        f"The unique key {table.key} ({', '.join(columns)}) does not hold where {column.name} is NULL.",
                        hint="Make it NOT NULL, use NULLS NOT DISTINCT, or a partial unique index.",
                    )


def _meant_to_hold(schema: Schema, table: Table, column: Column, columns: tuple[str, ...]) -> bool:
    """Whether a unique key is plainly meant to hold without the column too."""
    if any("null" in check.expression.lower() for check in table.checks_of(column.name)) or column.generated:
        return False
    if column.type.family == "timestamp":
        return True
    others = [other for name in columns if name != column.name and (other := table.column(name)) is not None]
    required = [other for other in others if not other.nullable]
    if table.foreign_key_of(column.name) is not None:
        together = any(set(columns) <= set(key.columns) for key in table.foreign_keys)
        return len(required) >= 2 and len(required) == len(others) and not together
    return column.type.is_text and _required_elsewhere(schema, table, column, columns)


def _required_elsewhere(schema: Schema, table: Table, column: Column, columns: tuple[str, ...]) -> bool:
    """Whether other tables hold the same columns in unique keys, always NOT NULL: two of them, or one key to a request.

    A key to a request may be kept beside another owner, and is left alone in a
    schema where it is optional everywhere.
    """
    once = bool(_ONCE & set(words(column.name)))
    found = [
        each
        for other in schema.tables
        if other is not table and (each := other.column(column.name)) is not None
        if not any("null" in check.expression.lower() for check in other.checks_of(column.name))
        if any(column.name in names if once else names == set(columns) for names in other.unique_sets)
    ]
    return len(found) >= (1 if once else 2) and not any(each.nullable for each in found)
