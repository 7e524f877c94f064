"""Rule money-without-precision."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.names import is_money, words
from evaluators.sql.schema import Schema


@rule("money-without-precision", family="sql", severity=Severity.WARNING)
def money_without_precision(schema: Schema) -> Iterator[Flaw]:
    """Money is a decimal whose digits are left open or too few.

    Why: numeric without a scale stores a third of a cent as sent, and sums no
    longer match what is shown. In MySQL and SQL Server, DECIMAL alone has no
    decimal places at all.

    Bad:
        ```sql schema.sql
        CREATE TABLE products (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            price numeric NOT NULL CHECK (price >= 0)
        );
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE products (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            price numeric(12, 2) NOT NULL CHECK (price >= 0)
        );
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE sales (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            price_cents numeric(12, 0) NOT NULL CHECK (price_cents > 0),
            tax_rate numeric NOT NULL
        );
        ```

    Precision: By the same names as float-money. Currencies without minor units are
    kept right with scale 0 and reported, unless the name says cents.

    Source: PostgreSQL manual, 8.1.2 Arbitrary Precision Numbers.
    """
    if schema.dialect == "sqlite":
        return
    for table in schema.tables:
        for column in table.columns:
            if column.type.name != "numeric" or not is_money(table, column) or column.generated:
                continue
            small = column.type.precision is not None and column.type.precision - (column.type.scale or 0) < 4
            cents = any(word in ("cents", "minor") for word in words(column.name))
            if column.type.precision is None or ((column.type.scale or 0) < 2 and not cents) or small:
                yield Flaw(
                    f"{table.key}.{column.name}",
                    column.at,
                    f"{table.key}.{column.name} holds money as {column.type}.",
                    hint="Say the digits: numeric(19, 4), or numeric(12, 2).",
                )
