"""Rule rating-without-range."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.names import words
from evaluators.sql.schema import Schema

_RANGED = {"rating", "stars", "percentage", "percent", "pct", "latitude", "longitude", "lat", "lng", "lon"}


@rule("rating-without-range", family="sql", severity=Severity.WARNING)
def rating_without_range(schema: Schema) -> Iterator[Flaw]:
    """A rating, percentage or coordinate has no CHECK on its range.

    Why: Its range is part of its meaning. One row with 500 of 5 stars spoils
    every average.

    Bad:
        ```sql schema.sql
        CREATE TABLE reviews (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            rating smallint NOT NULL
        );
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE reviews (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            rating smallint NOT NULL CHECK (rating BETWEEN 1 AND 5)
        );
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE shops (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            avg_rating numeric(3, 2),
            rating_count integer NOT NULL
        );
        ```

    Precision: By the last word of the name. Averages are computed and left alone;
    any CHECK counts, whatever it says.

    Source: PostgreSQL manual, 5.5.1 Check Constraints.
    """
    for table in schema.tables:
        for column in table.columns:
            parts = words(column.name)
            if not parts or parts[-1] not in _RANGED or not column.type.is_number or {"avg", "average"} & set(parts):
                continue
            if table.checks_of(column.name) or column.generated:
                continue
            yield Flaw(
                f"{table.key}.{column.name}",
                column.at,
                f"{table.key}.{column.name} has no range.",
                hint=f"Add CHECK ({column.name} BETWEEN ... AND ...).",
            )
