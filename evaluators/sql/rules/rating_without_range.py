"""Rule rating-without-range."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.bounds import bounds_of
from evaluators.sql.names import singular, words
from evaluators.sql.schema import Column, Schema, Table

_RANGED = {"rating", "stars", "percentage", "percent", "pct", "latitude", "longitude", "lat", "lng", "lon"}
_PERCENT = {"percentage", "percent", "pct"}
_AT_MOST_ALL = {
    "off", "discount", "rebate", "reduction", "complete", "completed", "completion", "progress", "coupon", "voucher",
    "promotion", "promo",
}  # fmt: skip
"""What cannot be more than the whole: these percentages end at 100."""


@rule("rating-without-range", family="sql", severity=Severity.WARNING)
def rating_without_range(schema: Schema) -> Iterator[Flaw]:
    """A rating, percentage or coordinate has no CHECK on its range.

    Why: Its range is part of its meaning. One row with 500 of 5 stars spoils
    every average. A discount of more than 100 percent pays the buyer.

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

    Precision: By the last word of the name, and `percent_...`. Averages are computed
    and left alone. A CHECK with a floor alone counts for percentages that may pass
    100, such as a markup; one that is not understood counts as a range.

    Source: PostgreSQL manual, 5.5.1 Check Constraints.
    """
    for table in schema.tables:
        for column in table.columns:
            parts = words(column.name)
            ranged = bool(parts) and (parts[-1] in _RANGED or (parts[0] in _PERCENT and parts[-1] in _AT_MOST_ALL))
            if not ranged or not column.type.is_number or {"avg", "average"} & set(parts) or column.generated:
                continue
            checked = bool(table.checks_of(column.name))
            if checked and not _without_ceiling(table, column):
                continue
            yield Flaw(
                f"{table.key}.{column.name}",
                column.at,
                f"{table.key}.{column.name} has {'a floor and no ceiling' if checked else 'no range'}.",
                hint=f"Add CHECK ({column.name} BETWEEN ... AND ...).",
            )


def _without_ceiling(table: Table, column: Column) -> bool:
    """Whether the CHECKs hold it from below only, and its meaning ends somewhere above."""
    held = bounds_of(table, column.name)
    parts = set(words(column.name))
    about = parts | {singular(word) for word in words(table.name)}
    return held.lower and not held.upper and (not parts & _PERCENT or bool(about & _AT_MOST_ALL))
