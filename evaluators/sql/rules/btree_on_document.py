"""Rule btree-on-document."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.schema import Schema


@rule("btree-on-document", family="sql", severity=Severity.WARNING)
def btree_on_document(schema: Schema) -> Iterator[Flaw]:
    """A btree index is on an array, a json document or a search vector.

    Why: A btree compares whole values, so it serves no question that is asked
    of such a column (does it contain ...), and a large value does not fit into
    it: the insert fails.

    Bad:
        ```sql schema.sql
        CREATE TABLE articles (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            tags text[] NOT NULL DEFAULT '{}'
        );
        CREATE INDEX articles_tags_idx ON articles (tags);
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE articles (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            tags text[] NOT NULL DEFAULT '{}'
        );
        CREATE INDEX articles_tags_idx ON articles USING gin (tags);
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE articles (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, meta jsonb NOT NULL);
        CREATE INDEX articles_meta_kind_idx ON articles ((meta ->> 'kind'));
        ```

    Precision: PostgreSQL. An index for whole-value equality of short arrays is
    possible and reported all the same.

    Source: pg-index-health, btree indexes on array columns; PostgreSQL manual, 11.2 Index Types.
    """
    if schema.dialect != "postgres":
        return
    for table in schema.tables:
        for index in table.indexes:
            held = [column for column in map(table.column, index.columns) if column is not None]
            bad = [c.name for c in held if c.type.array or c.type.family in ("json", "search")]
            if bad and index.method == "btree":
                yield Flaw(
                    f"{table.key}.{index.name}",
                    index.at,
                    f"The btree index {index.name} is on {', '.join(bad)}, which holds many values in one.",
                    hint=f"CREATE INDEX ... USING gin ({bad[0]}).",
                )
