"""Rule blank-padded-text."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.habits import told_once
from evaluators.sql.schema import Schema


@rule("blank-padded-text", family="sql", severity=Severity.INFO, strict=True)
def blank_padded_text(schema: Schema) -> Iterator[Flaw]:
    """A column is char(n): padded with blanks, and not bound to its length.

    Why: PostgreSQL pads shorter values with blanks and ignores them in some
    comparisons and not in others. It saves nothing. A text with a CHECK says
    the form as well as the length.

    Bad:
        ```sql schema.sql
        CREATE TABLE countries (
            code char(2) PRIMARY KEY CHECK (code ~ '^[A-Z]{2}$')
        );
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE countries (
            code text PRIMARY KEY CHECK (code ~ '^[A-Z]{2}$')
        );
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE devices (id char(36) PRIMARY KEY);
        ```

    Precision: PostgreSQL only. Codes of fixed length (char(3)) do no harm, so this
    is advice and kept for the preset strict; a UUID as char(36) has a rule of its
    own.

    Source: squawk ban-char-field; PostgreSQL wiki, Don't Do This.
    """
    yield from told_once(_flaws(schema), schema, "columns are padded with blanks")


def _flaws(schema: Schema) -> Iterator[Flaw]:
    """One flaw each."""
    if schema.dialect != "postgres":
        return
    for table in schema.tables:
        for column in table.columns:
            if column.type.name == "char" and column.type.length != 36:
                yield Flaw(
                    f"{table.key}.{column.name}",
                    column.at,
                    f"{table.key}.{column.name} is {column.type}, padded with blanks.",
                    hint="Use text with a CHECK on its form.",
                )
