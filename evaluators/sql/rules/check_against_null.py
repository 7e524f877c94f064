"""Rule check-against-null."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.schema import Schema

_NULL = re.compile(
    r"(?:(?<![<>!])=|<>|!=|<|>)\s*null\b(?!\s+is)|\bnull\s*(?:=|<>|!=)|\bin\s*\([^()]*\bnull\b|\barray\s*\[[^\[\]]*\bnull\b",
    re.IGNORECASE,
)


@rule("check-against-null", family="sql", severity=Severity.WARNING)
def check_against_null(schema: Schema) -> Iterator[Flaw]:
    """A CHECK compares with NULL and so never refuses anything.

    Why: A comparison with NULL is neither true nor false, and a CHECK only refuses
    what is false. With NULL in its list, IN is never false either: any value
    passes.

    Bad:
        ```sql schema.sql
        CREATE TABLE tickets (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            status text NOT NULL CHECK (status IN ('open', 'closed', NULL))
        );
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE tickets (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            status text NOT NULL CHECK (status IN ('open', 'closed'))
        );
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE tickets (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            status text NOT NULL CHECK (status IN ('open', 'NULL')),
            closed_by text,
            CHECK ((status = 'open') = (closed_by IS NULL) AND coalesce(closed_by, NULL) IS DISTINCT FROM '')
        );
        ```

    Precision: NULL as a literal beside =, <>, <, > or inside the list of an IN or
    ARRAY.

    Source: PostgreSQL manual, 5.5.1 Check Constraints (a check passes where it is
    null).
    """
    for table in schema.tables:
        for check in table.checks:
            plain = re.sub(r"'(?:[^']|'')*'", "''", check.expression)
            if _NULL.search(plain) and "distinct" not in plain.lower().split(" from ")[0]:
                yield Flaw(
                    f"{table.key}.{check.name or ', '.join(check.columns)}",
                    check.at,
                    f"A CHECK of {table.key} compares with NULL, so that nothing fails it.",
                    hint="Leave NULL out of the list, or write IS NULL.",
                )
