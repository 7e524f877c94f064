"""Rule view-past-row-security."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.schema import Schema


@rule("view-past-row-security", family="sql", severity=Severity.WARNING, security=True)
def view_past_row_security(schema: Schema) -> Iterator[Flaw]:
    """A view shows rows of a protected table past its policies.

    Why: A view reads with its owner's rights unless it says otherwise, and the
    owner is not held by the policies.

    Bad:
        ```sql schema.sql
        CREATE TABLE notes (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            body text NOT NULL
        );
        ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
        CREATE POLICY read_notes ON notes FOR SELECT TO authenticated USING (true);
        CREATE VIEW recent_notes AS SELECT id, body FROM notes;
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE notes (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            body text NOT NULL
        );
        ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
        CREATE POLICY read_notes ON notes FOR SELECT TO authenticated USING (true);
        CREATE VIEW recent_notes WITH (security_invoker = true) AS SELECT id, body FROM notes;
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE notes (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        CREATE VIEW all_notes AS SELECT id FROM notes;
        ```

    Precision: PostgreSQL 15 and later, where security_invoker exists. A view that
    is meant to show more than the policies do is reported.

    Source: PostgreSQL manual, CREATE VIEW; Supabase splinter 0010_security_definer_view.
    """
    for view in schema.views:
        tables = [table for table in map(schema.table, view.reads) if table is not None and table.row_security]
        if tables and not view.security_invoker:
            names = ", ".join(table.key for table in tables)
            yield Flaw(
                view.name,
                view.at,
                f"The view {view.name} shows rows of {names} past its policies.",
                hint="Add WITH (security_invoker = true)."
                if not view.materialized
                else "Move it to a schema that is not exposed.",
            )
