"""Rule number-as-text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.names import words
from evaluators.sql.schema import Schema

_NUMBERS = {
    "price", "quantity", "qty", "balance", "cost", "salary", "subtotal", "amount", "stock", "fee", "percent",
    "percentage", "rating", "latitude", "longitude", "age", "weight", "height", "budget", "discount",
}  # fmt: skip


@rule("number-as-text", family="sql", severity=Severity.WARNING)
def number_as_text(schema: Schema) -> Iterator[Flaw]:
    """A number is kept as text.

    Why: '9' is greater than '10', a sum needs a cast of each row, and 'n/a' is
    stored as well as anything else.

    Bad:
        ```sql schema.sql
        CREATE TABLE products (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            price text NOT NULL
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
        CREATE TABLE orders (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            order_number text NOT NULL UNIQUE,
            price_note text,
            size text
        );
        ```

    Precision: Only names that cannot mean anything else are judged: price,
    quantity, balance, cost, stock, salary and the like as the last word. Numbers
    that are names (order_number, zip_code, phone) are left alone.

    Source: PostgreSQL manual, 8.1 Numeric Types; sqlcheck, incorrect data type.
    """
    for table in schema.tables:
        for column in table.columns:
            parts = words(column.name)
            if column.type.is_text and parts and parts[-1] in _NUMBERS and not column.generated:
                checks = " ".join(check.expression.lower() for check in table.checks_of(column.name))
                if re.search(r"~|\blike\b|\bsimilar\b|\bregexp", checks) or table.foreign_key_of(column.name):
                    continue
                yield Flaw(
                    f"{table.key}.{column.name}",
                    column.at,
                    f"{table.key}.{column.name} holds a number as {column.type}.",
                    hint="Use numeric or an integer type.",
                )
