"""Rule id-without-foreign-key."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.names import is_log, stem, words
from evaluators.sql.schema import Schema


@rule("id-without-foreign-key", family="sql", severity=Severity.WARNING)
def id_without_foreign_key(schema: Schema) -> Iterator[Flaw]:
    """A column is named after a table of the schema and does not reference it.

    Why: Nothing keeps it from pointing at nothing, and a deleted parent leaves
    rows behind. Judged only where a table of that name exists and its key has
    the column's type; logs, events and outboxes keep loose references on
    purpose.

    Bad:
        ```sql schema.sql
        CREATE TABLE authors (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        CREATE TABLE books (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            author_id bigint NOT NULL
        );
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE authors (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        CREATE TABLE books (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            author_id bigint NOT NULL REFERENCES authors (id) ON DELETE RESTRICT
        );
        CREATE INDEX books_author_id_idx ON books (author_id);
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        CREATE TABLE audit_log (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, user_id bigint NOT NULL);
        CREATE TABLE notes (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, user_id uuid NOT NULL);
        ```

    Precision: Judged where a table of that name exists and the types agree.
    Services that keep references loose on purpose, over shards or modules, get a
    finding for each.

    Source: SchemaCrawler, weak associations; database_consistency.
    """
    by_stem = {stem(table.name): table for table in schema.tables}
    for table in schema.tables:
        if is_log(table) or table.partition_of or table.temporary:
            continue
        for column in table.columns:
            parts = words(column.name)
            target = by_stem.get("_".join(parts[:-1])) if len(parts) > 1 and parts[-1] == "id" else None
            if target is None or target is table or table.foreign_key_of(column.name) is not None:
                continue
            key = target.column(target.primary_columns[0]) if len(target.primary_columns) == 1 else None
            if key is not None and key.type.family == column.type.family and not column.type.array:
                yield Flaw(
                    f"{table.key}.{column.name}",
                    column.at,
                    f"{table.key}.{column.name} is no foreign key, and {target.key} exists.",
                    hint=f"Add REFERENCES {target.key} ({key.name}).",
                )
