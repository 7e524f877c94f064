"""Rule copied-column."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.habits import told_once
from evaluators.sql.names import is_log, singular, words
from evaluators.sql.schema import Schema

_THEN = {
    "line", "item", "invoice", "receipt", "snapshot", "version", "revision", "archive", "statement", "posting", "bill",
    "quote", "ticket", "certificate", "contract", "import", "export", "report", "stat", "summary", "order", "shipment",
}  # fmt: skip
"""Tables of what was true at a moment."""

_NOW = {"cart", "basket", "wishlist", "favorite", "favourite", "bookmark"}
"""Tables of what is meant now, whatever else their names say."""


@rule("copied-column", family="sql", severity=Severity.INFO)
def copied_column(schema: Schema) -> Iterator[Flaw]:
    """A column repeats a column of the table that its row references.

    Why: The copy depends on the reference and not on this row's own key (third
    normal form; in a table with a composite key, second). One day it is changed in
    one place only, and the two disagree. A join reads it where it belongs.

    Bad:
        ```sql schema.sql
        CREATE TABLE authors (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            email text NOT NULL UNIQUE
        );
        CREATE TABLE books (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            author_id bigint NOT NULL REFERENCES authors (id) ON DELETE RESTRICT,
            author_email text NOT NULL
        );
        CREATE INDEX books_author_id_idx ON books (author_id);
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE authors (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            email text NOT NULL UNIQUE
        );
        CREATE TABLE books (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            author_id bigint NOT NULL REFERENCES authors (id) ON DELETE RESTRICT
        );
        CREATE INDEX books_author_id_idx ON books (author_id);
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE products (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            name text NOT NULL
        );
        CREATE TABLE invoice_lines (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            product_id bigint NOT NULL REFERENCES products (id) ON DELETE RESTRICT,
            product_name text NOT NULL
        );
        CREATE INDEX invoice_lines_product_id_idx ON invoice_lines (product_id);
        ```

    Precision: Only `<reference>_<column>` with the type of that column is seen.
    Lines, invoices, receipts, snapshots, histories and logs keep what was true
    then, and money is what was agreed: all left alone (a cart is no record), and so
    are parts of a composite foreign key. An intended cache of a name is reported
    too, as information.

    Source: Codd, Further Normalization of the Data Base Relational Model (second
    and third normal form).
    """
    yield from told_once(_flaws(schema), schema, "columns repeat what a reference leads to")


def _flaws(schema: Schema) -> Iterator[Flaw]:
    """One flaw each."""
    for table in schema.tables:
        about = {singular(word) for word in words(table.name)}
        if is_log(table) or (_THEN & about and not _NOW & about):
            continue
        held = {name for key in table.foreign_keys for name in key.columns}
        for key in table.foreign_keys:
            target = schema.table(key.target)
            if target is None or target is table or len(key.columns) != 1:
                continue
            role = "_".join(words(key.columns[0])[:-1] or words(key.columns[0]))
            for column in table.columns:
                name = "_".join(words(column.name))
                if column.name in held or column.generated or not name.startswith(f"{role}_"):
                    continue
                rest = name[len(role) + 1 :]
                origin = next((each for each in target.columns if "_".join(words(each.name)) == rest), None)
                if origin is None or origin.name in target.primary_columns or rest in ("id", "type", "version"):
                    continue
                if origin.type.family == column.type.family and origin.type.family in ("text", "date", "enum", "uuid"):
                    yield Flaw(
                        f"{table.key}.{column.name}",
                        column.at,
                        f"{table.key}.{column.name} repeats {target.key}.{origin.name}, behind {key.columns[0]}.",
                        hint="Read it by a join, or say in a comment why the copy is kept.",
                    )
