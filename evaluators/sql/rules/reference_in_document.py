"""Rule reference-in-document."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.names import is_log, singular, stem, words
from evaluators.sql.schema import Schema


@rule("reference-in-document", family="sql", severity=Severity.WARNING)
def reference_in_document(schema: Schema) -> Iterator[Flaw]:
    """A json or array column holds the ids of another table's rows.

    Why: No foreign key can hold them: a deleted row stays in the list, an id may be
    any number, and to find who refers to a row every document is opened. A link
    table has one row for each pair. Judged only where a table of that name exists.

    Bad:
        ```sql schema.sql
        CREATE TABLE tags (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        CREATE TABLE posts (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            tag_ids jsonb NOT NULL DEFAULT '[]'
        );
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE tags (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        CREATE TABLE posts (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        CREATE TABLE post_tags (
            post_id bigint NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
            tag_id bigint NOT NULL REFERENCES tags (id) ON DELETE CASCADE,
            PRIMARY KEY (post_id, tag_id)
        );
        CREATE INDEX post_tags_tag_id_idx ON post_tags (tag_id);
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE tags (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        CREATE TABLE imports (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            tags jsonb NOT NULL,
            trace_ids uuid[] NOT NULL
        );
        ```

    Precision: A document under the table's own name (`tags`) may be a snapshot and
    is not reported, nor are ids whose table is not in the schema. Logs, events and
    outboxes are left alone.

    Source: PostgreSQL manual, 8.15 Arrays (arrays are not sets); Bill Karwin, SQL
    Antipatterns (Jaywalking).
    """
    stems = {stem(table.name): table for table in schema.tables}
    for table in schema.tables:
        if is_log(table):
            continue
        for column in table.columns:
            parts = words(column.name)
            if len(parts) < 2 or parts[-1] != "ids" or not (column.type.array or column.type.family == "json"):
                continue
            target = next((stems[name] for name in _tails(parts[:-1]) if name in stems), None)
            if target is not None:
                yield Flaw(
                    f"{table.key}.{column.name}",
                    column.at,
                    f"{table.key}.{column.name} holds ids of {target.key} as {column.type}.",
                    hint=f"Link {table.key} and {target.key} by a table with one row for each pair.",
                )


def _tails(parts: tuple[str, ...]) -> list[str]:
    """The names that the end of a column's name may spell, longest first."""
    return ["_".join((*parts[begin:-1], singular(parts[-1]))) for begin in range(len(parts))]
