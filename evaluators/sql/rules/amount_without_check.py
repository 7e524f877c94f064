"""Rule amount-without-check."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.bounds import bounds_of
from evaluators.sql.names import is_log, is_money, words
from evaluators.sql.schema import Schema

_QUANTITIES = {"quantity", "qty", "stock", "inventory", "seats", "capacity"}


@rule("amount-without-check", family="sql", severity=Severity.WARNING)
def amount_without_check(schema: Schema) -> Iterator[Flaw]:
    """A quantity, price, amount or balance has no CHECK that bounds it from below.

    Why: A negative quantity makes an order pay its buyer, and two transfers at
    once take a balance below zero. The check in code is one path among many;
    the CHECK holds for all. One with a ceiling alone lets every debt through.

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
    negative by design and reported unless the table is a log. A CHECK that is not
    understood counts as a bound, and a column that a trigger computes is left alone.

    Source: PostgreSQL manual, 5.5.1 Check Constraints; CWE-20; CWE-840.
    """
    computed = _computed(schema)
    for table in schema.tables:
        for column in table.columns:
            parts = words(column.name)
            counted = column.type.is_number and bool(parts) and parts[-1] in _QUANTITIES
            snapshot = parts[-1:] in (("after",), ("before",))
            if snapshot or (not counted and not is_money(table, column)):
                continue
            held = bounds_of(table, column.name)
            one_sided = held.upper and not held.lower
            if (table.checks_of(column.name) and not one_sided) or column.generated or column.type.unsigned:
                continue
            if is_log(table) or column.name in computed:
                continue
            said = "has a ceiling and no floor" if one_sided else "takes any number, negative ones too"
            yield Flaw(
                f"{table.key}.{column.name}",
                column.at,
                f"{table.key}.{column.name} {said}.",
                hint=f"Add CHECK ({column.name} {'>' if 'balance' not in parts and 'stock' not in parts else '>='} 0).",
            )


def _computed(schema: Schema) -> frozenset[str]:
    """Columns that a trigger's function works out; what it adds to or takes from may go below zero."""
    found: set[str] = set()
    for function in schema.functions:
        if "trigger" in function.returns.lower():
            body = function.body[:20_000].lower()
            sets = re.findall(r"\bnew\.(\w+)\s*:?=([^;]{1,600})", body)
            for part in re.findall(r"\bset\s+(.{1,600}?)(?:\bfrom\b|\bwhere\b|;)", body, re.DOTALL):
                sets += re.findall(r"(?:^|,)\s*(\w+)\s*=([^,]*)", part)
            found.update(
                name for name, value in sets if not (re.search(rf"\b{name}\b", value) and re.search("[-+]", value))
            )
    return frozenset(found)
