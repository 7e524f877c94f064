"""Rule timestamp-without-time-zone."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.habits import told_once
from evaluators.sql.names import words
from evaluators.sql.schema import Schema


@rule("timestamp-without-time-zone", family="sql", severity=Severity.WARNING)
def timestamp_without_time_zone(schema: Schema) -> Iterator[Flaw]:
    """A moment is kept as a timestamp without time zone.

    Why: PostgreSQL drops the offset that a client sends, and now() is stored in
    whatever zone the session has. Two servers then disagree about when it was.

    Bad:
        ```sql schema.sql
        CREATE TABLE messages (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            sent_at timestamp NOT NULL
        );
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE messages (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            sent_at timestamptz NOT NULL
        );
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE alarms (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            rings_at_local timestamp NOT NULL
        );
        ```

    Precision: PostgreSQL. Wall-clock times are told by the words local and wall
    only. Where a whole schema keeps UTC in timestamps, that is told once.

    Source: squawk prefer-timestamp-tz; PostgreSQL wiki, Don't Do This.
    """
    yield from told_once(_flaws(schema), schema, "tables keep moments without time zone")


def _flaws(schema: Schema) -> Iterator[Flaw]:
    """One flaw each."""
    if schema.dialect != "postgres":
        return
    for table in schema.tables:
        naive = [c for c in table.columns if c.type.family == "timestamp" and not c.type.timezone]
        if naive and not {"local", "wall"} & {word for column in naive for word in words(column.name)}:
            names = ", ".join(column.name for column in naive)
            yield Flaw(
                table.key,
                naive[0].at,
                f"{table.key} keeps {names} without time zone.",
                hint="Use timestamptz.",
                places=tuple(column.at for column in naive[1:]),
            )
