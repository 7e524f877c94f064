"""Rule time-before-equality."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.schema import Schema


@rule("time-before-equality", family="sql", severity=Severity.WARNING)
def time_before_equality(schema: Schema) -> Iterator[Flaw]:
    """A composite index has a time before a column that is compared by equality.

    Why: Times are asked for by range, and after a range the later columns of an
    index only filter: the database reads all of the period to find one customer's
    rows. The column with the equals sign goes first.

    Bad:
        ```sql schema.sql
        CREATE TABLE customers (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        CREATE TABLE visits (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            customer_id bigint NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
            visited_at timestamptz NOT NULL
        );
        CREATE INDEX visits_customer_id_idx ON visits (customer_id);
        CREATE INDEX visits_visited_at_customer_id_idx ON visits (visited_at, customer_id);
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE customers (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        CREATE TABLE visits (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            customer_id bigint NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
            visited_at timestamptz NOT NULL
        );
        CREATE INDEX visits_customer_id_visited_at_idx ON visits (customer_id, visited_at);
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE visits (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            starts_at timestamptz NOT NULL,
            ends_at timestamptz NOT NULL CHECK (ends_at > starts_at)
        );
        CREATE INDEX visits_starts_at_id_idx ON visits (starts_at DESC, id);
        CREATE INDEX visits_period_idx ON visits (starts_at, ends_at);
        ```

    Precision: Judged where a reference, an enum or a boolean follows the time, in
    plain btree indexes. The key after the time is paging and fine; so is another
    time. An index made for one fixed moment (a day's bookings) is wrongly reported.

    Source: Markus Winand, Use The Index, Luke (concatenated indexes; ranges).
    """
    for table in schema.tables:
        for index in table.indexes:
            if index.method != "btree" or index.unique or len(index.columns) < 2:
                continue
            held = [table.column(name) for name in index.columns]
            for first, after in pairwise(held):
                if first is None or after is None or first.type.family not in ("timestamp", "date"):
                    continue
                alike = table.foreign_key_of(after.name) is not None or after.type.family in ("enum", "boolean")
                if alike and after.name not in table.primary_columns:
                    yield Flaw(
                        f"{table.key}.{index.name}",
                        index.at,
                        f"The index {index.name} has {first.name}, asked for by range, before {after.name}.",
                        hint=f"Put {after.name} before {first.name}.",
                    )
                    break
