"""Rule date-as-text."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.names import words
from evaluators.sql.schema import Schema


@rule("date-as-text", family="sql", severity=Severity.WARNING)
def date_as_text(schema: Schema) -> Iterator[Flaw]:
    """A date or a moment is kept as text.

    Why: '10/11/2026' is two days, the thirtieth of February is stored, and a
    range compares letters. SQLite, which has no dates, is left alone.

    Bad:
        ```sql schema.sql
        CREATE TABLE people (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            birth_date text NOT NULL
        );
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE people (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            birth_date date NOT NULL
        );
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE orders (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            date_format text NOT NULL,
            arrived_at_gate text
        );
        ```

    Precision: By the last word of the name (at, date, timestamp, dob), and `..._on`
    after a participle where three columns so named, and half of them, are dates. Dates of
    unknown parts ('1890?') need text and are reported; SQLite is left alone.

    Source: PostgreSQL manual, 8.5 Date/Time Types.
    """
    if schema.dialect == "sqlite":
        return
    days = [column for table in schema.tables for column in table.columns if words(column.name)[-1:] == ("on",)]
    as_dates = sum(column.type.family == "date" for column in days)
    habit = as_dates >= 3 and as_dates * 2 >= len(days)
    for table in schema.tables:
        for column in table.columns:
            parts = words(column.name)
            ending = (
                habit and len(parts) > 1 and parts[-1] == "on" and parts[-2].endswith("ed") and parts[-2] != "based"
            )
            dated = (
                ending
                or parts[-1:] in (("at",), ("date",), ("timestamp",))
                or parts in (("date", "of", "birth"), ("dob",))
            )
            if column.type.is_text and dated and parts != ("at",):
                yield Flaw(
                    f"{table.key}.{column.name}",
                    column.at,
                    f"{table.key}.{column.name} holds a date as {column.type}.",
                    hint="Use date or timestamptz.",
                )
