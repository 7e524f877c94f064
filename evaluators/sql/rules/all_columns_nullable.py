"""Rule all-columns-nullable."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.schema import Schema


@rule("all-columns-nullable", family="sql", severity=Severity.WARNING)
def all_columns_nullable(schema: Schema) -> Iterator[Flaw]:
    """Every column but the key may be NULL.

    Why: A row may then say nothing at all. NOT NULL was forgotten, since most
    things have something that makes them what they are.

    Bad:
        ```sql schema.sql
        CREATE TABLE customers (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            full_name text,
            phone text,
            note text
        );
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE customers (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            full_name text NOT NULL,
            phone text,
            note text
        );
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE profiles (user_id bigint PRIMARY KEY, nickname text, bio text);
        ```

    Precision: Counts, so a table of two columns beside its key is left alone, and
    so is one without a key. A staging table that takes whatever comes is wrongly
    reported.

    Source: SchemaCrawler, tables with all nullable columns.
    """
    for table in schema.tables:
        key = set(table.primary_columns)
        others = [column for column in table.columns if column.name not in key and not column.generated]
        if len(others) >= 3 and key and all(column.nullable for column in others):
            yield Flaw(
                table.key,
                table.at,
                f"Every column of {table.key} but its key may be NULL.",
                hint="Add NOT NULL to what each row must have.",
            )
