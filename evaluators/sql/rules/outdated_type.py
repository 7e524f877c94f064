"""Rule outdated-type."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.schema import Schema

_BETTER = {
    "postgres": {"money": "numeric(19, 4)", "timetz": "timestamptz, or time", '"char"': "text with a CHECK"},
    "tsql": {"text": "varchar(max)", "ntext": "nvarchar(max)"},
}


@rule("outdated-type", family="sql", severity=Severity.WARNING)
def outdated_type(schema: Schema) -> Iterator[Flaw]:
    """A column has a type that its own database advises against.

    Why: money's digits and sign follow the server's locale, timetz has an
    offset but no date to say whether it is summer, and "char" is one byte for
    the catalogs.

    Bad:
        ```sql schema.sql
        CREATE TABLE donations (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            amount money NOT NULL CHECK (amount > 0::money)
        );
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE donations (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            amount numeric(19, 4) NOT NULL CHECK (amount > 0)
        );
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE donations (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            money numeric(12, 2) NOT NULL CHECK (money > 0),
            given_at time NOT NULL
        );
        ```

    Precision: By the type itself, in PostgreSQL and SQL Server; names do not
    matter.

    Source: PostgreSQL wiki, Don't Do This.
    """
    better = _BETTER.get(schema.dialect, {})
    for table in schema.tables:
        for column in table.columns:
            if column.type.name in better:
                yield Flaw(
                    f"{table.key}.{column.name}",
                    column.at,
                    f"{table.key}.{column.name} is {column.type}.",
                    hint=f"Use {better[column.type.name]}.",
                )
