"""Rule foreign-key-type-mismatch."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.rule import Flaw, rule
from evaluators.sql.schema import Schema
from evaluators.sql.types import comparable


@rule("foreign-key-type-mismatch", family="sql")
def foreign_key_type_mismatch(schema: Schema) -> Iterator[Flaw]:
    """A foreign key's column has another type than the column it points at.

    Why: A narrower integer runs out before its parent does, and a parent's row
    then cannot be referenced; different types cannot use one index, and
    PostgreSQL refuses most pairs.

    Bad:
        ```sql schema.sql
        CREATE TABLE authors (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            name text NOT NULL
        );
        CREATE TABLE books (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            author_id integer NOT NULL REFERENCES authors (id) ON DELETE CASCADE
        );
        CREATE INDEX books_author_id_idx ON books (author_id);
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE authors (
            id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
            name text NOT NULL
        );
        CREATE TABLE books (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            author_id uuid NOT NULL REFERENCES authors (id) ON DELETE CASCADE
        );
        CREATE INDEX books_author_id_idx ON books (author_id);
        ```

    Boundary:
        ```sql schema.sql
        CREATE DOMAIN user_id AS uuid;
        CREATE TABLE users (id uuid PRIMARY KEY);
        CREATE TABLE posts (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            author user_id NOT NULL REFERENCES users (id)
        );
        ```

    Precision: Types that are not known here are let pass. A varchar that is longer
    than its target is fine, a shorter one is not.

    Source: PostgreSQL manual, 5.5.5 Foreign Keys; database_consistency ForeignKeyTypeChecker.
    """
    for table in schema.tables:
        for key in table.foreign_keys:
            target = schema.table(key.target)
            if target is None:
                continue
            for name, other in zip(key.columns, key.target_columns, strict=False):
                column, pointed = table.column(name), target.column(other)
                if column is None or pointed is None or comparable(column.type, pointed.type):
                    continue
                yield Flaw(
                    f"{table.key}.{name}",
                    key.at,
                    f"{table.key}.{name} is {column.type}, and {target.key}.{other}, which it references, "
                    f"is {pointed.type}.",
                    hint=f"Declare {table.key}.{name} as {pointed.type}.",
                )
