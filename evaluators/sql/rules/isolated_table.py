"""Rule isolated-table."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.names import is_log, singular, words
from evaluators.sql.schema import Schema, Table

_ALONE = {
    "setting", "config", "configuration", "cache", "job", "migration", "flag", "lock", "key", "rate", "session",
    "metric", "version", "idempotency", "webhook", "template", "country", "currency", "stat", "counter", "feature",
}  # fmt: skip


@rule("isolated-table", family="sql", severity=Severity.INFO, strict=True)
def isolated_table(schema: Schema) -> Iterator[Flaw]:
    """A table has no relation to any other.

    Why: Where everything else is connected, a table without a reference is one
    whose foreign key was forgotten, or one that nothing uses any more. Judged where
    at least three of four tables are connected; said once.

    Bad:
        ```sql schema.sql
        CREATE TABLE authors (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        CREATE TABLE books (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            author_id bigint NOT NULL REFERENCES authors (id) ON DELETE CASCADE
        );
        CREATE TABLE loans (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            book_id bigint NOT NULL REFERENCES books (id) ON DELETE CASCADE
        );
        CREATE TABLE reviews (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            book_id bigint NOT NULL REFERENCES books (id) ON DELETE CASCADE
        );
        CREATE TABLE copies (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            book_id bigint NOT NULL REFERENCES books (id) ON DELETE CASCADE
        );
        CREATE INDEX books_author_id_idx ON books (author_id);
        CREATE INDEX loans_book_id_idx ON loans (book_id);
        CREATE INDEX reviews_book_id_idx ON reviews (book_id);
        CREATE INDEX copies_book_id_idx ON copies (book_id);
        CREATE TABLE shelves (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, room text NOT NULL);
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
        CREATE TABLE authors (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        CREATE TABLE books (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            author_id bigint NOT NULL REFERENCES authors (id) ON DELETE CASCADE
        );
        CREATE TABLE loans (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            book_id bigint NOT NULL REFERENCES books (id) ON DELETE CASCADE
        );
        CREATE TABLE reviews (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            book_id bigint NOT NULL REFERENCES books (id) ON DELETE CASCADE
        );
        CREATE TABLE copies (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            book_id bigint NOT NULL REFERENCES books (id) ON DELETE CASCADE
        );
        CREATE TABLE outbox_events (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, payload jsonb NOT NULL);
        ```

    Precision: Logs, outboxes, settings, caches, jobs and the tools' own tables
    stand alone by nature and are left alone. A table that is connected by name only
    counts as isolated.

    Source: SchemaCrawler, isolated tables; tbls, unrelatedTable.
    """
    own = [table for table in schema.tables if not (table.partition_of or table.temporary or table.opaque)]
    aimed = {key.target for table in own for key in table.foreign_keys if key.target != table.key}
    alone = [table for table in own if table.key not in aimed and not _leads(table)]
    if len(own) < 6 or len(alone) * 4 > len(own):
        return
    told = [t for t in alone if not is_log(t) and not _ALONE & {singular(word) for word in words(t.name)}]
    if told:
        yield Flaw(
            told[0].at.path,
            told[0].at,
            f"No foreign key leads to or from {', '.join(table.key for table in told)}.",
            hint="Add the reference that is missing, or drop what nothing uses.",
            places=tuple(table.at for table in told[1:]),
        )


def _leads(table: Table) -> bool:
    """Whether a foreign key leads to another table."""
    return any(key.target != table.key for key in table.foreign_keys)
