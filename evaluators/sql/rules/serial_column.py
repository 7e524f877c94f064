"""Rule serial-column."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.schema import Schema


@rule("serial-column", family="sql", severity=Severity.INFO)
def serial_column(schema: Schema) -> Iterator[Flaw]:
    """A column is a serial where an identity column is meant.

    Why: A serial's sequence has its own owner and grants, survives some copies
    of the table, and anyone may write past it. An identity column is standard
    SQL and has none of that.

    Bad:
        ```sql schema.sql
        CREATE TABLE tags (
            id bigserial PRIMARY KEY,
            label text NOT NULL UNIQUE
        );
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE tags (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            label text NOT NULL UNIQUE
        );
        ```

    Source: squawk prefer-identity; PostgreSQL wiki, Don't Do This.
    """
    for table in schema.tables:
        for column in table.columns:
            if column.identity != "serial" or (column.type.bits < 64 and column.name in table.primary_columns):
                continue
            yield Flaw(
                f"{table.key}.{column.name}",
                column.at,
                f"{table.key}.{column.name} is a serial.",
                hint="Use GENERATED ALWAYS AS IDENTITY.",
            )
