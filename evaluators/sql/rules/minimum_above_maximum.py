"""Rule minimum-above-maximum."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.names import is_log, words
from evaluators.sql.schema import Schema

_UPPER = {"min": "max", "minimum": "maximum", "lower": "upper", "lowest": "highest", "low": "high"}


@rule("minimum-above-maximum", family="sql", severity=Severity.INFO)
def minimum_above_maximum(schema: Schema) -> Iterator[Flaw]:
    """A smallest and a largest value may stand the wrong way round.

    Why: Nothing lies between 10 and 5, so a row with the two exchanged matches
    nothing and says so nowhere.

    Bad:
        ```sql schema.sql
        CREATE TABLE price_filters (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            min_rooms integer NOT NULL,
            max_rooms integer NOT NULL
        );
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE price_filters (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            min_rooms integer NOT NULL,
            max_rooms integer NOT NULL,
            CHECK (min_rooms <= max_rooms)
        );
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE readings (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            min_rooms integer NOT NULL,
            max_guests integer NOT NULL
        );
        ```

    Precision: Pairs whose names differ in min and max, lower and upper, lowest and
    highest, and whose types are numbers. Values that the database computes are left
    alone; so are logs and statistics.

    Source: PostgreSQL manual, 5.5.1 Check Constraints.
    """
    for table in schema.tables:
        if is_log(table) or {"stats", "statistics", "metrics", "candles", "prices", "summary"} & set(words(table.name)):
            continue
        named = {words(column.name): column for column in table.columns if column.type.is_number}
        for parts, least in named.items():
            for place, word in enumerate(parts):
                most = named.get((*parts[:place], _UPPER.get(word, ""), *parts[place + 1 :]))
                held = most is not None and any({least.name, most.name} <= set(c.columns) for c in table.checks)
                if most is not None and not held and not most.generated:
                    yield Flaw(
                        f"{table.key}.{most.name}",
                        most.at,
                        f"{table.key}.{most.name} may be less than {least.name}.",
                        hint=f"Add CHECK ({least.name} <= {most.name}).",
                    )
