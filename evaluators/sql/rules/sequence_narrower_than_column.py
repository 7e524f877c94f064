"""Rule sequence-narrower-than-column."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.schema import Schema


@rule("sequence-narrower-than-column", family="sql", severity=Severity.WARNING)
def sequence_narrower_than_column(schema: Schema) -> Iterator[Flaw]:
    """A column takes its numbers from a sequence of a narrower or wider type.

    Why: A serial column that was widened to bigint keeps its integer sequence, so
    inserts fail at 2^31 as before, and nobody expects it any more. A sequence that
    is wider than its column fails just as late.

    Bad:
        ```sql schema.sql
        CREATE SEQUENCE order_numbers AS integer;
        CREATE TABLE orders (
            id bigint PRIMARY KEY DEFAULT nextval('order_numbers')
        );
        ```

    Good:
        ```sql schema.sql
        CREATE SEQUENCE order_numbers AS bigint;
        CREATE TABLE orders (
            id bigint PRIMARY KEY DEFAULT nextval('order_numbers')
        );
        ```

    Boundary:
        ```sql schema.sql
        CREATE SEQUENCE order_numbers AS integer;
        CREATE TABLE order_kinds (
            id integer PRIMARY KEY DEFAULT nextval('order_numbers')
        );
        ```

    Precision: PostgreSQL. A sequence without AS is bigint and fits every column but
    a narrower one, which is reported only where AS was written. Identity columns
    change their sequence along and are fine.

    Source: PostgreSQL manual, CREATE SEQUENCE; 8.1.4 Serial Types.
    """
    if schema.dialect != "postgres":
        return
    for table in schema.tables:
        for column in table.columns:
            bits = column.sequence_bits
            if bits and column.type.bits and bits != column.type.bits:
                made = {16: "smallint", 32: "integer", 64: "bigint"}.get(bits, f"{bits} bits")
                yield Flaw(
                    f"{table.key}.{column.name}",
                    column.at,
                    f"{table.key}.{column.name} is {column.type}, and the sequence that fills it is {made}.",
                    hint=f"ALTER SEQUENCE ... AS {column.type};",
                )
