"""Rule null-passes-check."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.schema import Schema


@rule("null-passes-check", family="sql", severity=Severity.WARNING)
def null_passes_check(schema: Schema) -> Iterator[Flaw]:
    """A column has a default and a CHECK on its values, and takes NULL all the same.

    Why: A CHECK passes where its answer is NULL, so an explicit NULL slips by both.
    Where a default says that each row has a value, NOT NULL was forgotten.

    Bad:
        ```sql schema.sql
        CREATE TABLE tickets (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            status text DEFAULT 'open' CHECK (status IN ('open', 'closed'))
        );
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE tickets (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'closed'))
        );
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE tickets (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            resolution text CHECK (resolution IN ('fixed', 'refused')),
            score integer DEFAULT 0 CHECK (score IS NULL OR score >= 0)
        );
        ```

    Precision: Only columns with a default; without one, NULL may well mean that
    there is no value yet. A CHECK that speaks of NULL is taken as meant.

    Source: PostgreSQL manual, 5.5.1 Check Constraints and 5.5.2 Not-Null
    Constraints.
    """
    for table in schema.tables:
        for column in table.columns:
            default = (column.default or "null").strip().lower()
            if not column.nullable or default.startswith("null") or column.generated:
                continue
            own = [check for check in table.checks if check.columns == (column.name,)]
            if own and not any(re.search(r"\bnull\b", check.expression, re.IGNORECASE) for check in own):
                yield Flaw(
                    f"{table.key}.{column.name}",
                    column.at,
                    f"{table.key}.{column.name} has a default and a CHECK, and NULL passes both.",
                    hint="Add NOT NULL.",
                )
