"""Rule row-security-off."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.schema import Schema


@rule("row-security-off", family="sql", severity=Severity.WARNING, security=True)
def row_security_off(schema: Schema) -> Iterator[Flaw]:
    """A table is left without row-level security where others have it.

    Why: With a hosted API such as Supabase's, a table in the public schema
    without row-level security is open to whoever has the public key. Only
    schemas that use policies, or switch it on for nearly every table, are judged.

    Bad:
        ```sql schema.sql
        CREATE TABLE notes (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            owner_id uuid NOT NULL
        );
        CREATE INDEX notes_owner_id_idx ON notes (owner_id);
        ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
        CREATE POLICY own_notes ON notes TO authenticated USING (owner_id = (SELECT auth.uid()));
        CREATE TABLE drafts (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            owner_id uuid NOT NULL
        );
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
        CREATE TABLE drafts (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            owner_id uuid NOT NULL
        );
        ALTER TABLE drafts ENABLE ROW LEVEL SECURITY;
        CREATE INDEX drafts_owner_id_idx ON drafts (owner_id);
        CREATE POLICY own_drafts ON drafts TO authenticated USING (owner_id = (SELECT auth.uid()));
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE notes (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
        CREATE POLICY read_notes ON notes FOR SELECT USING (true);
        CREATE SCHEMA internal;
        CREATE TABLE internal.jobs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        ```

    Precision: Only in schemas that use policies or have it on three tables and on
    most, and only for tables in public. A lookup table that everyone may read is reported; a policy FOR SELECT says it.

    Source: Supabase splinter 0013_rls_disabled_in_public.
    """
    secured = sum(table.row_security for table in schema.tables)
    habit = secured >= 3 and secured * 4 >= len(schema.tables) * 3
    if not habit and not any(table.policies for table in schema.tables):
        return
    for table in schema.tables:
        exposed = table.schema in ("", "public") and not table.temporary and not table.partition_of
        if exposed and not table.row_security and not table.policies:
            yield Flaw(
                table.key,
                table.at,
                f"{table.key} has no row-level security, while other tables have.",
                hint=f"ALTER TABLE {table.key} ENABLE ROW LEVEL SECURITY;",
            )
