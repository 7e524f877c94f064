"""Rule text-json."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.habits import told_once
from evaluators.sql.schema import Schema


@rule("text-json", family="sql", severity=Severity.WARNING)
def text_json(schema: Schema) -> Iterator[Flaw]:
    """A column is json where jsonb is better.

    Why: json keeps the text, blanks and doubled keys included, and parses it on
    each read. It has no equality, so DISTINCT and GROUP BY fail, and no index.

    Bad:
        ```sql schema.sql
        CREATE TABLE profiles (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            settings json NOT NULL
        );
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE profiles (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            settings jsonb NOT NULL DEFAULT '{}'
        );
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE profiles (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            settings_json text NOT NULL,
            settings jsonb NOT NULL DEFAULT '{}'
        );
        ```

    Precision: PostgreSQL. json keeps the order of keys and the exact text, which a
    signature may need; it is reported all the same.

    Source: PostgreSQL manual, 8.14 JSON Types; strong_migrations.
    """
    yield from told_once(_flaws(schema), schema, "columns are json where jsonb is better")


def _flaws(schema: Schema) -> Iterator[Flaw]:
    """One flaw each."""
    if schema.dialect != "postgres":
        return
    for table in schema.tables:
        for column in table.columns:
            if column.type.name == "json":
                yield Flaw(
                    f"{table.key}.{column.name}", column.at, f"{table.key}.{column.name} is json.", hint="Use jsonb."
                )
