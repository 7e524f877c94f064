"""Rule outdated-type."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.schema import Schema

_BETTER = {"money": "numeric(19, 4)", "timetz": "timestamptz, or time", '"char"': "text with a CHECK"}


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

    Source: PostgreSQL wiki, Don't Do This.
    """
    if schema.dialect != "postgres":
        return
    for table in schema.tables:
        for column in table.columns:
            if column.type.name in _BETTER:
                yield Flaw(
                    f"{table.key}.{column.name}",
                    column.at,
                    f"{table.key}.{column.name} is {column.type}.",
                    hint=f"Use {_BETTER[column.type.name]}.",
                )
