"""Rule null-passes-check."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.schema import Check, Column, Schema, Table


@rule("null-passes-check", family="sql", severity=Severity.WARNING)
def null_passes_check(schema: Schema) -> Iterator[Flaw]:
    """A column takes NULL, and the CHECK that is to hold its values says nothing then.

    Why: A CHECK passes where its answer is NULL, so an explicit NULL slips by both.
    Where a default says that each row has a value, NOT NULL was forgotten, and a
    sum with one summand NULL holds no total.

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

    Precision: Only columns with a default, and summands of an equation whose other
    columns are all required; elsewhere NULL may well mean that there is no value yet.
    A CHECK that speaks of NULL is taken as meant.

    Source: PostgreSQL manual, 5.5.1 Check Constraints and 5.5.2 Not-Null
    Constraints.
    """
    for table in schema.tables:
        for column in table.columns:
            default = (column.default or "null").strip().lower()
            if not column.nullable or column.generated:
                continue
            if default.startswith("null"):
                yield from _summand(table, column)
                continue
            own = [check for check in table.checks if check.columns == (column.name,)]
            if own and not any(re.search(r"\bnull\b", check.expression, re.IGNORECASE) for check in own):
                yield Flaw(
                    f"{table.key}.{column.name}",
                    column.at,
                    f"{table.key}.{column.name} has a default and a CHECK, and NULL passes both.",
                    hint="Add NOT NULL.",
                )


def _summand(table: Table, column: Column) -> Iterator[Flaw]:
    """A flaw where the column is the only one of an equation that may be NULL."""
    for check in table.checks_of(column.name):
        others = [other for name in check.columns if name != column.name and (other := table.column(name)) is not None]
        if len(others) > 1 and not any(other.nullable for other in others) and _sums(check, column.name):
            yield Flaw(
                f"{table.key}.{column.name}",
                column.at,
                f"{table.key}.{column.name} may be NULL, and then the CHECK on {', '.join(check.columns)} passes.",
                hint="Add NOT NULL, with DEFAULT 0 where nothing is the usual case.",
            )
            return


def _sums(check: Check, column: str) -> bool:
    """Whether a CHECK is one equation in which the column is added, taken away or multiplied."""
    flat = re.sub(r"[()\"`]|::\s*\w+(?:\s*\([\d, ]*\))?", " ", check.expression.lower()[:4_000])
    if re.search(r"\b(?:null|or|and|coalesce|ifnull|case)\b", flat) or not re.search(r"[^<>!]=", flat):
        return False
    name = re.escape(column.lower())
    return re.search(rf"[-+*]\s*{name}\b|\b{name}\s*[-+*]", flat) is not None
