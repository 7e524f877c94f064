"""Rule link-table-without-key."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.names import stem
from evaluators.sql.schema import Schema


@rule("link-table-without-key", family="sql", severity=Severity.WARNING)
def link_table_without_key(schema: Schema) -> Iterator[Flaw]:
    """A table that links two others lets the same pair in twice.

    Why: A role granted twice is still there after it was revoked once, and
    every join through the table doubles its rows. Only tables that are named
    after both of what they link are judged.

    Bad:
        ```sql schema.sql
        CREATE TABLE posts (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        CREATE TABLE tags (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        CREATE TABLE post_tags (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            post_id bigint NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
            tag_id bigint NOT NULL REFERENCES tags (id) ON DELETE CASCADE
        );
        CREATE INDEX post_tags_post_id_idx ON post_tags (post_id);
        CREATE INDEX post_tags_tag_id_idx ON post_tags (tag_id);
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE posts (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        CREATE TABLE tags (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        CREATE TABLE post_tags (
            post_id bigint NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
            tag_id bigint NOT NULL REFERENCES tags (id) ON DELETE CASCADE,
            PRIMARY KEY (post_id, tag_id)
        );
        CREATE INDEX post_tags_tag_id_idx ON post_tags (tag_id);
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        CREATE TABLE books (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        CREATE TABLE loans (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            user_id bigint NOT NULL REFERENCES users (id),
            book_id bigint NOT NULL REFERENCES books (id)
        );
        ```

    Precision: Only tables that are named after both tables they link; a link under
    a name of its own may be meant to take a pair twice, as a loan does.

    Source: SchemaCrawler; database_consistency.
    """
    for table in schema.tables:
        if len(table.foreign_keys) != 2 or table.primary_key is None:
            continue
        left, right = table.foreign_keys
        linked = {stem(left.target.split(".")[-1]), stem(right.target.split(".")[-1])}
        joined = {"_".join(pair) for pair in ((*linked,), (*linked,)[::-1])}
        if len(linked) != 2 or stem(table.name) not in joined:
            continue
        pair = {*left.columns, *right.columns}
        lists = [key.columns for key in table.keys] + [index.columns for index in table.indexes if index.unique]
        if any(pair <= set(columns) for columns in lists):
            continue
        yield Flaw(
            table.key,
            table.at,
            f"{table.key} takes the same pair of {left.target} and {right.target} twice.",
            hint=f"Make ({', '.join(sorted(pair))}) its primary key, or UNIQUE.",
        )
