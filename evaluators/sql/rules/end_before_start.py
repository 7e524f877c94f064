"""Rule end-before-start."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.names import words
from evaluators.sql.schema import Column, Schema, Table

_ENDS = {
    "start": ("end",), "starts": ("ends",), "started": ("ended", "finished"), "begin": ("end",), "begins": ("ends",),
    "from": ("to", "until", "thru", "through"), "in": ("out",), "departure": ("arrival",), "opened": ("closed",),
}  # fmt: skip
"""The word of a period's beginning -> the words of its end."""


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

    Precision: By names that differ in one word (start and end, from and until, check
    in and out). A trigger that compares is not read, and
    open periods (end NULL) pass the CHECK that is asked for.

    Source: PostgreSQL manual, 5.5.1 Check Constraints.
    """
    for table in schema.tables:
        for start, end in _periods(table, schema.dialect):
            first, last = start.name, end.name
            ranged = any(first in said and last in said for said in table.exclusions)
            if ranged or any({first, last} <= set(check.columns) for check in table.checks):
                continue
            yield Flaw(
                f"{table.key}.{last}",
                end.at,
                f"{table.key}.{last} may lie before {first}.",
                hint=f"Add CHECK ({last} > {first}).",
            )


def _periods(table: Table, dialect: str) -> Iterator[tuple[Column, Column]]:
    """The pairs of columns that begin and end a period: named alike but for one word, and of one kind of time."""
    times = ("timestamp", "date", "text", "integer") if dialect == "sqlite" else ("timestamp", "date", "time")
    named = {words(column.name): column for column in table.columns}
    for parts, start in named.items():
        for place, word in enumerate(parts):
            if word == "in" and parts[place - 1 : place] != ("check",):
                continue
            for other in _ENDS.get(word, ()):
                end = named.get((*parts[:place], other, *parts[place + 1 :]))
                alike = end is not None and start.type.family == end.type.family and start.type.family in times
                if end is not None and alike and not end.generated:
                    yield start, end
