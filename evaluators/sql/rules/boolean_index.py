"""Rule boolean-index."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.schema import Schema


@rule("boolean-index", family="sql", severity=Severity.WARNING)
def boolean_index(schema: Schema) -> Iterator[Flaw]:
    """An index has a boolean as its only column.

    Why: Half the table has either value, so no query uses it, and every write
    pays for it. A partial index over the rare value is small and used.

    Bad:
        ```sql schema.sql
        CREATE TABLE mails (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            is_sent boolean NOT NULL DEFAULT false
        );
        CREATE INDEX mails_is_sent_idx ON mails (is_sent);
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE mails (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            is_sent boolean NOT NULL DEFAULT false
        );
        CREATE INDEX mails_unsent_idx ON mails (id) WHERE NOT is_sent;
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE mails (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            is_sent boolean NOT NULL DEFAULT false,
            queue text NOT NULL
        );
        CREATE UNIQUE INDEX one_unsent ON mails (is_sent) WHERE NOT is_sent;
        CREATE INDEX mails_is_sent_queue_idx ON mails (is_sent, queue);
        ```

    Precision: Where one value is very rare and asked for, even this index is used;
    how rare it is, nobody can read from a schema.

    Source: pg-index-health, indexes with boolean; PostgreSQL manual, 11.8 Partial Indexes.
    """
    for table in schema.tables:
        for index in table.indexes:
            column = table.column(index.columns[0]) if len(index.columns) == 1 else None
            if column is not None and column.type.family == "boolean" and not index.predicate and not index.unique:
                yield Flaw(
                    f"{table.key}.{index.name}",
                    index.at,
                    f"The index {index.name} has only the boolean {column.name}.",
                    hint=f"Index what is looked for, WHERE {column.name} has the rare value.",
                )
