"""Rule row-security-without-policy."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.schema import Schema


@rule("row-security-without-policy", family="sql", severity=Severity.INFO, strict=True, security=True)
def row_security_without_policy(schema: Schema) -> Iterator[Flaw]:
    """Row-level security is on, and no policy lets anybody in.

    Why: Everyone but the owner sees an empty table, without an error. That is right
    for a table which only the server's own role uses, and a forgotten policy
    otherwise.

    Bad:
        ```sql schema.sql
        CREATE TABLE notes (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            body text NOT NULL
        );
        ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE notes (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            body text NOT NULL
        );
        ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
        CREATE POLICY read_notes ON notes FOR SELECT TO authenticated USING (true);
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE notes (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            body text NOT NULL
        );
        COMMENT ON TABLE notes IS 'For the service role only.';
        ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
        ```

    Precision: A comment on the table counts as a reason. Policies that are made by
    a DO loop or elsewhere are not seen.

    Source: Supabase splinter 0008_rls_enabled_no_policy.
    """
    for table in schema.tables:
        if table.row_security and not table.policies and not table.comment and not table.partition_of:
            yield Flaw(
                table.key,
                table.at,
                f"Row-level security of {table.key} is on, and it has no policy.",
                hint="Add a policy, or say in a comment that only the service's own role uses it.",
            )
