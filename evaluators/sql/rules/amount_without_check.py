"""Rule amount-without-check."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.names import is_log, is_money, words
from evaluators.sql.schema import Schema

_QUANTITIES = {"quantity", "qty", "stock", "inventory", "seats", "capacity"}


@rule("amount-without-check", family="sql", severity=Severity.WARNING)
def amount_without_check(schema: Schema) -> Iterator[Flaw]:
    """A quantity, price, amount or balance has no CHECK.

    Why: A negative quantity makes an order pay its buyer, and two transfers at
    once take a balance below zero. The check in code is one path among many;
    the CHECK holds for all. Any CHECK on the column counts.

    Bad:
        ```sql schema.sql
        CREATE TABLE order_lines (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            quantity integer NOT NULL
        );
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE order_lines (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            quantity integer NOT NULL CHECK (quantity > 0)
        );
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE transfers (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            balance_after numeric(19, 4) NOT NULL,
            price_id bigint NOT NULL
        );
        CREATE TABLE stock_history (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            quantity integer NOT NULL
        );
        ```

    Precision: By name. Differences (a posting of plus and minus, a correction) are
    negative by design and reported unless the table is a log; any CHECK on the
    column ends the matter, also a useless one.

    Source: PostgreSQL manual, 5.5.1 Check Constraints; CWE-20; CWE-840.
    """
    for table in schema.tables:
        for column in table.columns:
            parts = words(column.name)
            counted = column.type.is_number and bool(parts) and parts[-1] in _QUANTITIES
            snapshot = parts[-1:] in (("after",), ("before",))
            if snapshot or (not counted and not is_money(table, column)):
                continue
            if table.checks_of(column.name) or column.generated or column.type.unsigned or is_log(table):
                continue
            yield Flaw(
                f"{table.key}.{column.name}",
                column.at,
                f"{table.key}.{column.name} takes any number, negative ones too.",
                hint=f"Add CHECK ({column.name} {'>' if 'balance' not in parts and 'stock' not in parts else '>='} 0).",
            )
