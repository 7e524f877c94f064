"""Rule missing-comment."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.schema import Schema


@rule("missing-comment", family="sql", severity=Severity.INFO, strict=True)
def missing_comment(schema: Schema) -> Iterator[Flaw]:
    """A table has no comment where the other tables have one.

    Why: The project documents its schema in the database, and this table was
    forgotten. Judged where at least four of five tables have a comment; said once.

    Bad:
        ```sql schema.sql
        CREATE TABLE authors (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        COMMENT ON TABLE authors IS 'One of the authors.';
        CREATE TABLE books (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        COMMENT ON TABLE books IS 'One of the books.';
        CREATE TABLE shelves (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        COMMENT ON TABLE shelves IS 'One of the shelves.';
        CREATE TABLE readers (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        COMMENT ON TABLE readers IS 'One of the readers.';
        CREATE TABLE loans (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE authors (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        COMMENT ON TABLE authors IS 'One of the authors.';
        CREATE TABLE books (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        COMMENT ON TABLE books IS 'One of the books.';
        CREATE TABLE shelves (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        COMMENT ON TABLE shelves IS 'One of the shelves.';
        CREATE TABLE readers (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        COMMENT ON TABLE readers IS 'One of the readers.';
        CREATE TABLE loans (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        COMMENT ON TABLE loans IS 'One of the loans.';
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE authors (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        COMMENT ON TABLE authors IS 'Who wrote a book.';
        CREATE TABLE books (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        CREATE TABLE loans (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        ```

    Precision: Counts COMMENT ON TABLE and MySQL's COMMENT option; comments in the
    SQL text are not seen.

    Source: tbls, lint requireTableComment.
    """
    own = [table for table in schema.tables if not table.partition_of and not table.temporary]
    bare = [table for table in own if not table.comment]
    if len(own) >= 5 and bare and len(bare) * 5 <= len(own):
        yield Flaw(
            bare[0].at.path,
            bare[0].at,
            f"These tables have no comment, the other {len(own) - len(bare)} have: {', '.join(t.key for t in bare)}.",
            hint="COMMENT ON TABLE ... IS '...';",
            places=tuple(table.at for table in bare[1:]),
        )
