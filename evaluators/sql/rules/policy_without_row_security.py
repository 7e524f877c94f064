"""Rule policy-without-row-security."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.rule import Flaw, rule
from evaluators.sql.schema import Schema


@rule("policy-without-row-security", family="sql", security=True)
def policy_without_row_security(schema: Schema) -> Iterator[Flaw]:
    """A table has policies, and row-level security is off.

    Why: The policies are stored and do nothing. Everyone with a grant reads
    every row, and the schema looks as if they could not.

    Bad:
        ```sql schema.sql
        CREATE TABLE notes (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            owner_id uuid NOT NULL
        );
        CREATE INDEX notes_owner_id_idx ON notes (owner_id);
        CREATE POLICY own_notes ON notes TO authenticated USING (owner_id = (SELECT auth.uid()));
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE notes (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            owner_id uuid NOT NULL
        );
        CREATE INDEX notes_owner_id_idx ON notes (owner_id);
        ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
        CREATE POLICY own_notes ON notes TO authenticated USING (owner_id = (SELECT auth.uid()));
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE notes (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        CREATE POLICY read_notes ON notes USING (true);
        ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
        ```

    Precision: Exact, in any order of the statements. A loop in a DO block that
    switches it on for all tables is not understood.

    Source: PostgreSQL manual, 5.9 Row Security Policies; Supabase splinter 0007_policy_exists_rls_disabled.
    """
    for table in schema.tables:
        if table.policies and not table.row_security:
            yield Flaw(
                table.key,
                table.policies[0].at,
                f"{table.key} has policies that do nothing: row-level security is off.",
                hint=f"ALTER TABLE {table.key} ENABLE ROW LEVEL SECURITY;",
            )
