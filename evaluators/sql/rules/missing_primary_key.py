"""Rule missing-primary-key."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.rule import Flaw, rule
from evaluators.sql.schema import Schema


@rule("missing-primary-key", family="sql")
def missing_primary_key(schema: Schema) -> Iterator[Flaw]:
    """A table has no primary key.

    Why: Nothing tells two rows apart: an update cannot name its row, a retry
    doubles it, and logical replication refuses the table.

    Bad:
        ```sql schema.sql
        CREATE TABLE notes (
            title text NOT NULL,
            body text
        );
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE notes (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            title text NOT NULL,
            body text
        );
        ```

    Boundary:
        ```sql schema.sql
        CREATE TEMP TABLE scratch (x int);
        CREATE TABLE made AS SELECT 1 AS x;
        CREATE TABLE t (x int NOT NULL);
        ALTER TABLE t ADD PRIMARY KEY (x);
        ```

    Precision: Exact, after all ALTERs. Partitions, temporary tables and tables made
    by a query are left alone; a unique key over NOT NULL columns does not count.

    Source: PostgreSQL manual, 5.5.4 Primary Keys; Supabase splinter 0004_no_primary_key.
    """
    for table in schema.tables:
        if table.primary_key or table.partition_of or table.temporary or table.opaque:
            continue
        yield Flaw(
            table.key,
            table.at,
            f"The table {table.key} has no primary key.",
            hint="Add an identity or uuid column, or declare the columns that identify a row as PRIMARY KEY.",
        )
