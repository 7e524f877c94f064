"""Rule money-without-precision."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.names import is_money, words
from evaluators.sql.schema import Column, Schema, Table

_EXCHANGE = {"exchange", "fx", "forex", "conversion"}


@rule("money-without-precision", family="sql", severity=Severity.WARNING)
def money_without_precision(schema: Schema) -> Iterator[Flaw]:
    """Money or an exchange rate is a decimal whose digits are left open or too few.

    Why: numeric without a scale stores a third of a cent as sent, and sums no
    longer match what is shown. In MySQL and SQL Server, DECIMAL alone has no
    decimal places at all. A rate of two decimals is wrong by half a percent.

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
            exchange_rate numeric(18, 8) NOT NULL,
            tax_rate numeric(4, 2) NOT NULL
        );
        ```

    Precision: By the same names as float-money. Currencies without minor units are
    kept right with scale 0 and reported, unless the name says cents. Exchange rates
    need four decimals, by the name of the column or table.

    Source: PostgreSQL manual, 8.1.2 Arbitrary Precision Numbers.
    """
    if schema.dialect == "sqlite":
        return
    for table in schema.tables:
        for column in table.columns:
            if _coarse_rate(table, column):
                yield Flaw(
                    f"{table.key}.{column.name}",
                    column.at,
                    f"{table.key}.{column.name} holds an exchange rate as {column.type}.",
                    hint="Keep the rate as it is quoted: numeric(18, 8).",
                )
                continue
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


def _coarse_rate(table: Table, column: Column) -> bool:
    """Whether a column is an exchange rate with fewer than four decimals."""
    parts = words(column.name)
    about = {*parts, *words(table.name)}
    if parts[-1:] != ("rate",) or not _EXCHANGE & about or not (_EXCHANGE & set(parts) or len(parts) == 1):
        return False
    return column.type.name == "numeric" and column.type.precision is not None and (column.type.scale or 0) < 4
