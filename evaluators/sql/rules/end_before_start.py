"""Rule end-before-start."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.schema import Schema

_PAIRS = (
    ("start_date", "end_date"),
    ("start_time", "end_time"),
    ("starts_at", "ends_at"),
    ("start_at", "end_at"),
    ("starts_on", "ends_on"),
    ("valid_from", "valid_to"),
    ("valid_from", "valid_until"),
    ("check_in", "check_out"),
    ("check_in_date", "check_out_date"),
    ("period_start", "period_end"),
)


@rule("end-before-start", family="sql", severity=Severity.WARNING)
def end_before_start(schema: Schema) -> Iterator[Flaw]:
    """A period's end may lie before its start.

    Why: Nobody books a stay that ends before it begins, but a swapped pair of
    arguments does. Overlap queries silently skip such rows.

    Bad:
        ```sql schema.sql
        CREATE TABLE bookings (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            starts_at timestamptz NOT NULL,
            ends_at timestamptz NOT NULL
        );
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE bookings (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            starts_at timestamptz NOT NULL,
            ends_at timestamptz NOT NULL,
            CHECK (ends_at > starts_at)
        );
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE t (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            starts_at timestamptz NOT NULL,
            ends_at timestamptz NOT NULL,
            EXCLUDE USING gist (tstzrange(starts_at, ends_at) WITH &&)
        );
        ```

    Precision: Known pairs of names only. A trigger that compares is not read, and
    open periods (end NULL) pass the CHECK that is asked for.

    Source: PostgreSQL manual, 5.5.1 Check Constraints.
    """
    for table in schema.tables:
        for first, last in _PAIRS:
            start, end = table.column(first), table.column(last)
            if start is None or end is None or end.generated:
                continue
            ranged = any(first in said and last in said for said in table.exclusions)
            if ranged or any({first, last} <= set(check.columns) for check in table.checks):
                continue
            yield Flaw(
                f"{table.key}.{last}",
                end.at,
                f"{table.key}.{last} may lie before {first}.",
                hint=f"Add CHECK ({last} > {first}).",
            )
