"""Rule foreign-key-without-on-delete."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.habits import told_once
from evaluators.sql.schema import Schema


@rule("foreign-key-without-on-delete", family="sql", severity=Severity.INFO)
def foreign_key_without_on_delete(schema: Schema) -> Iterator[Flaw]:
    """A foreign key does not say what happens when its parent goes.

    Why: Silence means that the delete is refused, which may be meant and may be
    forgotten. RESTRICT, CASCADE or SET NULL says which. Said once for a table.

    Bad:
        ```sql schema.sql
        CREATE TABLE authors (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        CREATE TABLE books (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            author_id bigint NOT NULL REFERENCES authors (id)
        );
        CREATE INDEX books_author_id_idx ON books (author_id);
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
        CREATE TABLE authors (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        CREATE TABLE books (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            author_id bigint NOT NULL REFERENCES authors (id) ON DELETE NO ACTION
        );
        ```

    Precision: NO ACTION written out counts as a decision. Where a schema hardly
    ever says it, that is its habit, and it is told once.

    Source: PostgreSQL manual, 5.5.5 Foreign Keys.
    """
    yield from told_once(_flaws(schema), schema, "tables do not say what happens to their rows when a parent goes")


def _flaws(schema: Schema) -> Iterator[Flaw]:
    """One flaw each."""
    for table in schema.tables:
        silent = [key for key in table.foreign_keys if not key.on_delete and schema.table(key.target)]
        if silent:
            names = ", ".join(", ".join(key.columns) for key in silent)
            yield Flaw(
                table.key,
                silent[0].at,
                f"{table.key} does not say what happens to its rows when what {names} references is deleted.",
                hint="Write ON DELETE RESTRICT, CASCADE or SET NULL.",
                places=tuple(key.at for key in silent[1:]),
            )
