"""Rule list-in-text."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.names import words
from evaluators.sql.schema import Schema


@rule("list-in-text", family="sql", severity=Severity.WARNING)
def list_in_text(schema: Schema) -> Iterator[Flaw]:
    """A text column holds a list of ids or tags.

    Why: No foreign key can hold it, no index finds one member, and every reader
    takes it apart in its own way.

    Bad:
        ```sql schema.sql
        CREATE TABLE articles (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            tag_ids text
        );
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE articles (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            tags text[] NOT NULL DEFAULT '{}'
        );
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE pages (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            meta_tags text,
            allowed_roles text,
            oauth_scopes text
        );
        ```

    Precision: By the last word of the name. SQLite, which has no arrays, is left
    alone; a single tag under a plural name is reported.

    Source: sqlcheck multi-valued attributes; first normal form.
    """
    for table in schema.tables:
        for column in table.columns:
            parts = words(column.name)
            if not column.type.is_text or not parts or schema.dialect == "sqlite":
                continue
            if parts[-1] in ("ids", "tags", "categories", "emails", "roles", "permissions", "scopes"):
                if parts[-1] == "scopes" or parts[0] in ("meta", "html", "allowed"):
                    continue
                yield Flaw(
                    f"{table.key}.{column.name}",
                    column.at,
                    f"{table.key}.{column.name} is one text that holds several values.",
                    hint="Use a table of its own, or an array.",
                )
