"""Rule polymorphic-reference."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.names import is_log
from evaluators.sql.schema import Schema


@rule("polymorphic-reference", family="sql", severity=Severity.INFO)
def polymorphic_reference(schema: Schema) -> Iterator[Flaw]:
    """A type column and an id column together point at one of several tables.

    Why: No foreign key can hold it, so rows outlive what they point at. One
    nullable column for each target with a CHECK that exactly one is set, or a
    link table for each, can be held. Logs and outboxes are left alone.

    Bad:
        ```sql schema.sql
        CREATE TABLE comments (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            commentable_type text NOT NULL CHECK (commentable_type IN ('post', 'photo')),
            commentable_id bigint NOT NULL,
            body text NOT NULL
        );
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE posts (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        CREATE TABLE comments (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            post_id bigint NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
            body text NOT NULL
        );
        CREATE INDEX comments_post_id_idx ON comments (post_id);
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE files (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, content_type text NOT NULL);
        CREATE TABLE audit_events (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            entity_type text NOT NULL,
            entity_id bigint NOT NULL
        );
        ```

    Precision: The pair `x_type` and `x_id` without a foreign key. Logs and
    notifications, which outlive what they speak of, are left alone.

    Source: sqlcheck, polymorphic associations.
    """
    for table in schema.tables:
        if is_log(table) or "notification" in table.name:
            continue
        for column in table.columns:
            if not column.name.endswith("_type"):
                continue
            other = table.column(column.name.removesuffix("_type") + "_id")
            if other is not None and table.foreign_key_of(other.name) is None:
                yield Flaw(
                    f"{table.key}.{other.name}",
                    other.at,
                    f"{table.key}.{other.name} points at a table that {column.name} names, which no key can hold.",
                    hint="Use one nullable foreign key for each target, with CHECK (num_nonnulls(...) = 1).",
                )
