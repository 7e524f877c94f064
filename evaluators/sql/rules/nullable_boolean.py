"""Rule nullable-boolean."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.habits import told_once
from evaluators.sql.schema import Schema


@rule("nullable-boolean", family="sql", severity=Severity.WARNING)
def nullable_boolean(schema: Schema) -> Iterator[Flaw]:
    """A boolean may be NULL and has no default.

    Why: It has three values, and `WHERE NOT flag` silently leaves one of them
    out. Where the third is meant, an enum or a CHECK says which it is.

    Bad:
        ```sql schema.sql
        CREATE TABLE articles (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            is_published boolean
        );
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE articles (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            is_published boolean NOT NULL DEFAULT false
        );
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE users (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            is_active boolean DEFAULT true,
            wants_mail boolean NOT NULL
        );
        ```

    Precision: A third state that is meant (not yet answered) is reported; an enum
    says it better. With a default, an explicit NULL still gets in and is let pass.

    Source: database_consistency ThreeStateBooleanChecker.
    """
    yield from told_once(_flaws(schema), schema, "booleans have three values")


def _flaws(schema: Schema) -> Iterator[Flaw]:
    """One flaw each."""
    for table in schema.tables:
        for column in table.columns:
            meant = any(len(check.columns) > 1 for check in table.checks_of(column.name))
            plain = column.nullable and column.default is None and not column.generated and not meant
            if column.type.family == "boolean" and plain:
                yield Flaw(
                    f"{table.key}.{column.name}",
                    column.at,
                    f"{table.key}.{column.name} is a boolean with three values.",
                    hint="Add NOT NULL and a DEFAULT.",
                )
