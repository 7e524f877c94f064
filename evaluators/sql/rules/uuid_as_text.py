"""Rule uuid-as-text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.habits import told_once
from evaluators.sql.names import words
from evaluators.sql.schema import Schema


@rule("uuid-as-text", family="sql", severity=Severity.WARNING)
def uuid_as_text(schema: Schema) -> Iterator[Flaw]:
    """A UUID is kept as text.

    Why: It takes more than twice the room in the table and each index, compares
    slower, and the same id in upper case is another one.

    Bad:
        ```sql schema.sql
        CREATE TABLE devices (
            id varchar(36) PRIMARY KEY DEFAULT gen_random_uuid()::text
        );
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE devices (
            id uuid PRIMARY KEY DEFAULT gen_random_uuid()
        );
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE devices (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            serial varchar(32) NOT NULL,
            uuid_count integer NOT NULL
        );
        ```

    Precision: PostgreSQL. By name, by a default that makes a UUID, or by the length
    36, which another code may have too.

    Source: PostgreSQL manual, 8.12 UUID Type.
    """
    yield from told_once(_flaws(schema), schema, "columns hold a UUID as text")


def _flaws(schema: Schema) -> Iterator[Flaw]:
    """One flaw each."""
    if schema.dialect != "postgres":
        return
    for table in schema.tables:
        for column in table.columns:
            if not column.type.is_text:
                continue
            made = re.search(r"uuid", column.default or "", re.IGNORECASE)
            if made or column.type.length == 36 or words(column.name)[-1:] in (("uuid",), ("guid",)):
                yield Flaw(
                    f"{table.key}.{column.name}",
                    column.at,
                    f"{table.key}.{column.name} holds a UUID as {column.type}.",
                    hint="Use uuid.",
                )
