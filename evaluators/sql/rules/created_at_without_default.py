"""Rule created-at-without-default."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.habits import told_once
from evaluators.sql.names import words
from evaluators.sql.schema import Schema

_CREATED = {"created_at", "created_on", "created", "createdat", "inserted_at", "date_created", "creation_date"}


@rule("created-at-without-default", family="sql", severity=Severity.WARNING)
def created_at_without_default(schema: Schema) -> Iterator[Flaw]:
    """The time of a row's creation has no default.

    Why: Every writer must then send it, each with its own clock, and whoever
    forgets leaves it empty or fails. The database knows the time.

    Bad:
        ```sql schema.sql
        CREATE TABLE notes (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            created_at timestamptz NOT NULL
        );
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE notes (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            created_at timestamptz NOT NULL DEFAULT now()
        );
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE videos (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            created timestamptz NOT NULL DEFAULT now(),
            recorded_at timestamptz NOT NULL
        );
        ```

    Precision: By name. Rows that are imported with the time of their origin
    (created_at of a remote object) are reported although no default would be right.

    Source: PostgreSQL manual, 5.2 Default Values.
    """
    yield from told_once(_flaws(schema), schema, "times of creation have no default")


def _flaws(schema: Schema) -> Iterator[Flaw]:
    """One flaw each."""
    for table in schema.tables:
        for column in table.columns:
            if "_".join(words(column.name)) in _CREATED and column.default is None and not column.generated:
                if column.type.family not in ("timestamp", "date") and schema.dialect != "sqlite":
                    continue
                now = "CURRENT_TIMESTAMP" if schema.dialect != "postgres" else "now()"
                yield Flaw(
                    f"{table.key}.{column.name}",
                    column.at,
                    f"{table.key}.{column.name} has no default.",
                    hint=f"Add DEFAULT {now}.",
                )
