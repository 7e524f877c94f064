"""Rule narrow-primary-key."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.habits import told_once
from evaluators.sql.schema import Schema


@rule("narrow-primary-key", family="sql", severity=Severity.WARNING)
def narrow_primary_key(schema: Schema) -> Iterator[Flaw]:
    """A numbered primary key is narrower than bigint.

    Why: 2^31 numbers run out earlier than rows do (rollbacks and conflicts use
    numbers up), and widening the key rewrites the table and all that reference
    it. smallint, and keys written by hand, are left alone: they say that the table
    stays small.

    Bad:
        ```sql schema.sql
        CREATE TABLE messages (
            id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            body text NOT NULL
        );
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE messages (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            body text NOT NULL
        );
        CREATE TABLE message_kinds (
            id smallint PRIMARY KEY,
            label text NOT NULL UNIQUE
        );
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE kinds (id smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        CREATE TABLE units (id integer PRIMARY KEY);
        ```

    Precision: A table that stays small for ever is reported as well as one that
    grows. Where a schema does it everywhere, it is told once.

    Source: squawk prefer-bigint-over-int; strong_migrations.
    """
    if schema.dialect == "tsql":
        return  # INT IDENTITY is the habit of that world, and a key is widened there without a rewrite of clients
    yield from told_once(_flaws(schema), schema, "numbered keys are narrower than bigint")


def _flaws(schema: Schema) -> Iterator[Flaw]:
    """One flaw each."""
    for table in schema.tables:
        for column in table.columns:
            if column.name not in table.primary_columns or not column.identity or not 16 < column.type.bits < 64:
                continue
            yield Flaw(
                f"{table.key}.{column.name}",
                column.at,
                f"{table.key}.{column.name} numbers its rows as {column.type}.",
                hint="Use bigint GENERATED ALWAYS AS IDENTITY (and bigint in what references it).",
            )
