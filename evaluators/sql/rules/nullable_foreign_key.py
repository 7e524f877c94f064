"""Rule nullable-foreign-key."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.habits import told_once
from evaluators.sql.names import is_log, words
from evaluators.sql.schema import Schema, Table

_OPTIONAL = {
    "parent",
    "by",
    "manager",
    "reviewer",
    "approver",
    "assignee",
    "assigned",
    "actor",
    "reply",
    "previous",
    "next",
}


@rule("nullable-foreign-key", family="sql", severity=Severity.INFO)
def nullable_foreign_key(schema: Schema) -> Iterator[Flaw]:
    """The only reference of a table may be NULL, and nothing says why.

    Why: A row without its parent is an orphan that joins leave out. ON DELETE
    SET NULL, a CHECK, a comment or a name such as `parent_id` is a reason; NOT
    NULL forgotten is the usual one. Info, since only the author knows.

    Bad:
        ```sql schema.sql
        CREATE TABLE authors (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        CREATE TABLE books (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            title text NOT NULL,
            author_id bigint REFERENCES authors (id) ON DELETE CASCADE
        );
        CREATE INDEX books_author_id_idx ON books (author_id);
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE authors (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        CREATE TABLE books (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            title text NOT NULL,
            author_id bigint REFERENCES authors (id) ON DELETE SET NULL
        );
        CREATE INDEX books_author_id_idx ON books (author_id);
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        CREATE TABLE tasks (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            author_id bigint NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
            tester_id bigint REFERENCES users (id) ON DELETE RESTRICT,
            parent_id bigint REFERENCES tasks (id)
        );
        ```

    Precision: Information, since only the author knows. Beside a required reference
    an optional one is ordinary, and a row with a name of its own (a unique text)
    stands alone: neither is reported. ON DELETE SET NULL, a CHECK, a comment, a role
    name (assignee, parent, ..._by) are taken as reasons.

    Source: PostgreSQL manual, 5.5.2 Not-Null Constraints; database_consistency.
    """
    yield from told_once(_flaws(schema), schema, "foreign keys may be NULL, and nothing says why")


def _flaws(schema: Schema) -> Iterator[Flaw]:
    """One flaw each."""
    for table in schema.tables:
        if _stands(table):
            continue
        for key in table.foreign_keys:
            if key.on_delete == "set null" or key.target == table.key or is_log(table):
                continue
            for column in filter(None, map(table.column, key.columns)):
                said = column.comment or table.checks_of(column.name) or _OPTIONAL & set(words(column.name))
                if column.nullable and not said:
                    yield Flaw(
                        f"{table.key}.{column.name}",
                        key.at,
                        f"{table.key}.{column.name} may be NULL, so a row may have no {key.target}.",
                        hint="Add NOT NULL, or say why not with ON DELETE SET NULL or a comment.",
                    )


def _stands(table: Table) -> bool:
    """Whether a row belongs somewhere already (a required reference, or a CHECK on which one) or has a unique text."""
    held = {name for key in table.foreign_keys for name in key.columns}
    required = [name for name in held if (column := table.column(name)) is not None and not column.nullable]
    sets = [names for names in table.unique_sets if not names & held]
    own = [column for column in table.columns if column.type.is_text and any(column.name in names for names in sets)]
    tied = any("null" in check.expression.lower() for name in held for check in table.checks_of(name))
    return bool(required or own or tied)
