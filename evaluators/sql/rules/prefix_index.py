"""Rule prefix-index."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.schema import Index, Schema


@rule("prefix-index", family="sql", severity=Severity.WARNING)
def prefix_index(schema: Schema) -> Iterator[Flaw]:
    """An index is the beginning of a longer one.

    Why: The longer index serves the same lookups. The shorter one costs every
    write and is rarely picked. Unique, partial and covering indexes are left
    alone, since they do something of their own.

    Bad:
        ```sql schema.sql
        CREATE TABLE posts (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            blog text NOT NULL,
            written_at timestamptz NOT NULL DEFAULT now()
        );
        CREATE INDEX posts_blog_idx ON posts (blog);
        CREATE INDEX posts_blog_written_at_idx ON posts (blog, written_at);
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE posts (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            blog text NOT NULL,
            written_at timestamptz NOT NULL DEFAULT now()
        );
        CREATE INDEX posts_written_at_idx ON posts (written_at);
        CREATE INDEX posts_blog_written_at_idx ON posts (blog, written_at);
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE posts (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            blog text NOT NULL,
            title text NOT NULL
        );
        CREATE UNIQUE INDEX posts_blog_key ON posts (blog);
        CREATE INDEX posts_blog_title_idx ON posts (blog, title);
        ```

    Precision: A short index beside a very long one may be worth it for its size,
    which a schema does not tell. MySQL and hash indexes by the same measure.

    Source: pg-index-health intersected indexes; SchemaCrawler redundant indexes.
    """
    for table in schema.tables:
        longer = [(index.columns, f"the index {index.name}") for index in table.indexes if _plain(index)]
        longer += [(key.columns, "its primary key" if key.primary else "a unique key") for key in table.keys]
        for index in table.indexes:
            if index.unique or index.include or not _plain(index):
                continue
            size = len(index.columns)
            found = next((name for columns, name in longer if columns[:size] == index.columns != columns), "")
            if found:
                yield Flaw(
                    f"{table.key}.{index.name}",
                    index.at,
                    f"The index {index.name} on {table.key} ({', '.join(index.columns)}) is the beginning of {found}.",
                    hint=f"Drop {index.name}.",
                )


def _plain(index: Index) -> bool:
    """Whether an index is an ordinary one over the whole table."""
    return index.method == "btree" and not index.predicate and not index.opclasses
