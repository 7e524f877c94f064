"""Rule unindexed-foreign-key."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.schema import Schema


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

    Precision: Small tables need none, and size is not in a schema. An index that
    begins with any column of a composite key counts, and so does a partial one over
    all rows that have a value.

    Source: PostgreSQL manual, 5.5.5 Foreign Keys; Supabase splinter 0001_unindexed_foreign_keys.
    """
    if schema.dialect == "mysql":
        return
    for table in schema.tables:
        for key in table.foreign_keys:
            if table.partition_of or any(listed[:1] and listed[0] in key.columns for listed in table.indexed):
                continue
            columns = ", ".join(key.columns)
            yield Flaw(
                f"{table.key}.{columns}",
                key.at,
                f"The foreign key {table.key} ({columns}) to {key.target} has no index.",
                hint=f"CREATE INDEX ON {table.key} ({columns});",
            )
