"""Rule nullable-unique-column."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.schema import Schema


@rule("nullable-unique-column", family="sql", severity=Severity.WARNING)
def nullable_unique_column(schema: Schema) -> Iterator[Flaw]:
    """A unique key over several columns holds a reference or a time that may be NULL.

    Why: NULLs are distinct: two rows with the same other columns and NULL here
    do not collide, so the key holds nothing for them. The usual victim is
    `UNIQUE (email, deleted_at)`.

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

    Precision: Judged for references and times, where NULL means something common.
    SQL Server holds NULLs equal in a unique key and is not judged.

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
                vague = column.type.family == "timestamp" or table.foreign_key_of(column.name) is not None
                if column.nullable and vague:
                    yield Flaw(
                        f"{table.key}.{column.name}",
                        at,
                        f"The unique key {table.key} ({', '.join(columns)}) does not hold where {column.name} is NULL.",
                        hint="Make it NOT NULL, use NULLS NOT DISTINCT, or a partial unique index.",
                    )
