"""Rule duplicate-foreign-key."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.schema import Schema


@rule("duplicate-foreign-key", family="sql", severity=Severity.WARNING)
def duplicate_foreign_key(schema: Schema) -> Iterator[Flaw]:
    """The same columns reference the same table twice.

    Why: Each insert is checked twice, and of two ON DELETE actions nobody knows
    which one comes first.

    Bad:
        ```sql schema.sql
        CREATE TABLE authors (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        CREATE TABLE books (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            author_id bigint NOT NULL REFERENCES authors (id) ON DELETE CASCADE,
            CONSTRAINT books_author FOREIGN KEY (author_id) REFERENCES authors (id) ON DELETE RESTRICT
        );
        CREATE INDEX books_author_id_idx ON books (author_id);
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE authors (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        CREATE TABLE books (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            author_id bigint NOT NULL REFERENCES authors (id) ON DELETE CASCADE
        );
        CREATE INDEX books_author_id_idx ON books (author_id);
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE people (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        CREATE TABLE letters (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            sender_id bigint NOT NULL REFERENCES people (id),
            reader_id bigint NOT NULL REFERENCES people (id)
        );
        ```

    Precision: Exact: same columns, same table. A composite key beside a single one
    over part of it is left alone.

    Source: pg-index-health, duplicated foreign keys.
    """
    for table in schema.tables:
        seen: set[tuple[tuple[str, ...], str]] = set()
        for key in table.foreign_keys:
            said = (key.columns, key.target)
            if said in seen:
                yield Flaw(
                    f"{table.key}.{', '.join(key.columns)}",
                    key.at,
                    f"{table.key} ({', '.join(key.columns)}) references {key.target} twice.",
                    hint="Drop one of the two.",
                )
            seen.add(said)
