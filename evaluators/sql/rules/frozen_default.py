"""Rule frozen-default."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.schema import Schema


@rule("frozen-default", family="sql", severity=Severity.WARNING)
def frozen_default(schema: Schema) -> Iterator[Flaw]:
    """A default of time is worked out once, when the table is made.

    Why: The literal 'now' is turned into a timestamp as soon as the statement is
    read, so every row gets the moment of the migration. now() is called for each
    row.

    Bad:
        ```sql schema.sql
        CREATE TABLE visits (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            seen_at timestamptz NOT NULL DEFAULT 'now'
        );
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE visits (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            seen_at timestamptz NOT NULL DEFAULT now()
        );
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE visits (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            seen_at timestamptz NOT NULL DEFAULT 'epoch',
            label text NOT NULL DEFAULT 'now'
        );
        ```

    Precision: PostgreSQL, in columns of a date or time type: now, today, tomorrow,
    yesterday as literals, with or without a cast.

    Source: PostgreSQL manual, 8.5.1.4 Special Values (and its caution about
    defaults).
    """
    if schema.dialect != "postgres":
        return
    for table in schema.tables:
        for column in table.columns:
            said = re.match(r"'(now|today|tomorrow|yesterday)(?:\(\))?'", (column.default or "").lower())
            if said and column.type.family in ("timestamp", "date", "time"):
                yield Flaw(
                    f"{table.key}.{column.name}",
                    column.at,
                    f"The default of {table.key}.{column.name} is '{said[1]}', the moment when the table was made.",
                    hint="Use DEFAULT now().",
                )
