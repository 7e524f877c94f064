"""Rule currency-without-form."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.habits import told_once
from evaluators.sql.names import words
from evaluators.sql.schema import Schema


@rule("currency-without-form", family="sql", severity=Severity.INFO)
def currency_without_form(schema: Schema) -> Iterator[Flaw]:
    """A currency or country code is free text.

    Why: 'usd', 'USD' and 'US Dollar' are three currencies to a GROUP BY.

    Bad:
        ```sql schema.sql
        CREATE TABLE wallets (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            currency text NOT NULL
        );
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE wallets (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$')
        );
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE wallets (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            currency varchar(3) NOT NULL,
            currency_name text NOT NULL
        );
        ```

    Precision: Any CHECK, a length or a foreign key counts as a form. Names other
    than currency, currency_code and country_code are not judged.

    Source: ISO 4217; ISO 3166-1.
    """
    yield from told_once(_flaws(schema), schema, "codes take any text")


def _flaws(schema: Schema) -> Iterator[Flaw]:
    """One flaw each."""
    named = {"currency", "currency_code", "country_code"}
    for table in schema.tables:
        for column in table.columns:
            if "_".join(words(column.name)) not in named or not column.type.is_text or column.type.length is not None:
                continue
            if (
                table.checks_of(column.name)
                or table.foreign_key_of(column.name)
                or column.name in table.primary_columns
            ):
                continue
            yield Flaw(
                f"{table.key}.{column.name}",
                column.at,
                f"{table.key}.{column.name} takes any text.",
                hint="Add a CHECK on its form, or reference a table of codes.",
            )
