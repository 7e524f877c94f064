"""Rule missing-creation-time."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.names import words
from evaluators.sql.schema import Column, Schema, Table


@rule("missing-creation-time", family="sql", severity=Severity.INFO, strict=True)
def missing_creation_time(schema: Schema) -> Iterator[Flaw]:
    """A table does not keep when a row was made, and nearly all the others do.

    Why: After an incident the first question is since when. The column was
    forgotten here: judged where at least four of five tables have one, said once.

    Bad:
        ```sql schema.sql
        CREATE TABLE authors (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            created_at timestamptz NOT NULL DEFAULT now()
        );
        CREATE TABLE books (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            created_at timestamptz NOT NULL DEFAULT now()
        );
        CREATE TABLE shelves (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            created_at timestamptz NOT NULL DEFAULT now()
        );
        CREATE TABLE readers (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            created_at timestamptz NOT NULL DEFAULT now()
        );
        CREATE TABLE rooms (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            created_at timestamptz NOT NULL DEFAULT now()
        );
        CREATE TABLE loans (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE authors (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            created_at timestamptz NOT NULL DEFAULT now()
        );
        CREATE TABLE books (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            created_at timestamptz NOT NULL DEFAULT now()
        );
        CREATE TABLE shelves (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            created_at timestamptz NOT NULL DEFAULT now()
        );
        CREATE TABLE readers (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            created_at timestamptz NOT NULL DEFAULT now()
        );
        CREATE TABLE rooms (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            created_at timestamptz NOT NULL DEFAULT now()
        );
        CREATE TABLE loans (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            created_at timestamptz NOT NULL DEFAULT now()
        );
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE authors (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            created_at timestamptz NOT NULL DEFAULT now()
        );
        CREATE TABLE books (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            created_at timestamptz NOT NULL DEFAULT now()
        );
        CREATE TABLE shelves (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            created_at timestamptz NOT NULL DEFAULT now()
        );
        CREATE TABLE readers (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            created_at timestamptz NOT NULL DEFAULT now()
        );
        CREATE TABLE rooms (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            created_at timestamptz NOT NULL DEFAULT now()
        );
        CREATE TABLE book_readers (
            book_id bigint NOT NULL REFERENCES books (id) ON DELETE CASCADE,
            reader_id bigint NOT NULL REFERENCES readers (id) ON DELETE CASCADE,
            PRIMARY KEY (book_id, reader_id)
        );
        CREATE INDEX book_readers_reader_id_idx ON book_readers (reader_id);
        CREATE TABLE visits (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, visited_at timestamptz NOT NULL);
        ```

    Precision: Any column of a moment counts (visited_at, sent_on). Link tables,
    lookup tables under a text key and partitions are left alone. Whether a brief
    asks for audit columns is not known here.

    Source: Rails guide, Active Record Migrations (timestamps); tbls,
    requireColumns.
    """
    own = [table for table in schema.tables if _counts(table)]
    bare = [table for table in own if not any(_moment(column, schema.dialect) for column in table.columns)]
    if len(own) >= 6 and bare and len(bare) * 5 <= len(own):
        yield Flaw(
            bare[0].at.path,
            bare[0].at,
            f"{len(own) - len(bare)} tables keep a time of creation, these do not: {', '.join(t.key for t in bare)}.",
            hint="Add created_at with a default.",
            places=tuple(table.at for table in bare[1:]),
        )


def _counts(table: Table) -> bool:
    """Whether a table's rows are things of their own, with one key that is no text and no reference."""
    key = table.column(table.primary_columns[0]) if len(table.primary_columns) == 1 else None
    plain = key is not None and not key.type.is_text and table.foreign_key_of(key.name) is None
    return plain and not (table.partition_of or table.temporary or table.opaque)


def _moment(column: Column, dialect: str) -> bool:
    """Whether a column holds a moment or a day."""
    named = words(column.name)[-1:] in (("at",), ("on",), ("time",), ("date",), ("created",))
    return column.type.family in ("timestamp", "date") or (dialect == "sqlite" and named)
