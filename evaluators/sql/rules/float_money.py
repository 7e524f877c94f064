"""Rule float-money."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.rule import Flaw, rule
from evaluators.sql.names import is_money
from evaluators.sql.schema import Schema


@rule("float-money", family="sql")
def float_money(schema: Schema) -> Iterator[Flaw]:
    """Money is kept as a binary float.

    Why: 0.1 has no binary form. Sums drift, two equal amounts compare unequal,
    and the books do not balance.

    Bad:
        ```sql schema.sql
        CREATE TABLE wallets (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            balance double precision NOT NULL DEFAULT 0 CHECK (balance >= 0)
        );
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE wallets (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            balance numeric(19, 4) NOT NULL DEFAULT 0 CHECK (balance >= 0)
        );
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE recipes (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            amount double precision NOT NULL,
            price_score real NOT NULL
        );
        ```

    Precision: By name: price, cost, balance and the like, and amount or total where
    the table is about money. Prices of raw materials that are computed with and
    never booked are reported too.

    Source: PostgreSQL manual, 8.1.3 Floating-Point Types; SQLite: keep cents as INTEGER.
    """
    for table in schema.tables:
        for column in table.columns:
            if column.type.family == "float" and is_money(table, column):
                better = "integer cents" if schema.dialect == "sqlite" else "numeric(19, 4) or bigint cents"
                yield Flaw(
                    f"{table.key}.{column.name}",
                    column.at,
                    f"{table.key}.{column.name} holds money as {column.type}, which cannot hold it exactly.",
                    hint=f"Use {better}.",
                )
