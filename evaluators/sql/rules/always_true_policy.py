"""Rule always-true-policy."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.schema import Schema


@rule("always-true-policy", family="sql", severity=Severity.WARNING, security=True)
def always_true_policy(schema: Schema) -> Iterator[Flaw]:
    """A policy for writing lets everything through.

    Why: `USING (true)` on UPDATE, DELETE or ALL, and `WITH CHECK (true)` on
    INSERT, let any signed-in stranger write any row. For reading, true is a
    choice; for the service's own role it is the usual form.

    Bad:
        ```sql schema.sql
        CREATE TABLE notes (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            body text NOT NULL
        );
        ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
        CREATE POLICY write_notes ON notes FOR UPDATE TO authenticated USING (true);
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE notes (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            body text NOT NULL
        );
        ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
        CREATE POLICY read_notes ON notes FOR SELECT TO authenticated USING (true);
        CREATE POLICY serve_notes ON notes FOR ALL TO service_role USING (true) WITH CHECK (true);
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE posts (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        ALTER TABLE posts ENABLE ROW LEVEL SECURITY;
        CREATE POLICY read_posts ON posts FOR SELECT TO anon USING (true);
        CREATE POLICY guard_posts ON posts AS RESTRICTIVE FOR UPDATE TO authenticated USING (true);
        ```

    Precision: Only the literal true is seen; `1 = 1` or a function that always says
    yes is not. An open guest book is reported although it is meant.

    Source: Supabase splinter 0024_permissive_rls_policy; CWE-863.
    """
    for table in schema.tables:
        for policy in table.policies:
            strangers = {"public", "anon", "authenticated"} & set(policy.roles or ("public",))
            open_ = "true" in (policy.using.lower(), policy.check.lower())
            verb = "write" if policy.command == "all" else policy.command
            if open_ and strangers and policy.permissive and policy.command != "select":
                yield Flaw(
                    f"{table.key}.{policy.name}",
                    policy.at,
                    f"The policy {policy.name} lets {', '.join(sorted(strangers))} {verb} any row of {table.key}.",
                    hint="Compare the row's owner with (SELECT auth.uid()).",
                )
