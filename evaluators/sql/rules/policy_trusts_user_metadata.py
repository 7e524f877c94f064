"""Rule policy-trusts-user-metadata."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.rule import Flaw, rule
from evaluators.sql.schema import Schema


@rule("policy-trusts-user-metadata", family="sql", security=True)
def policy_trusts_user_metadata(schema: Schema) -> Iterator[Flaw]:
    """A policy believes what users write about themselves.

    Why: user_metadata in the token is changed by its owner with one call
    (auth.updateUser), so whoever wants to be an admin says so. app_metadata is
    written by the server only.

    Bad:
        ```sql schema.sql
        CREATE TABLE notes (
           id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
           owner_id uuid NOT NULL
        );
        CREATE INDEX notes_owner_id_idx ON notes (owner_id);
        ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
        CREATE POLICY admin_notes ON notes TO authenticated
        USING (((SELECT auth.jwt()) -> 'user_metadata' ->> 'role') = 'admin');
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE notes (
           id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
           owner_id uuid NOT NULL
        );
        CREATE INDEX notes_owner_id_idx ON notes (owner_id);
        ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
        CREATE POLICY admin_notes ON notes TO authenticated
        USING (((SELECT auth.jwt()) -> 'app_metadata' ->> 'role') = 'admin');
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE profiles (
            id uuid PRIMARY KEY,
            user_metadata jsonb NOT NULL DEFAULT '{}'
        );
        ALTER TABLE profiles ENABLE ROW LEVEL SECURITY;
        CREATE POLICY read_profiles ON profiles FOR SELECT TO authenticated USING (id = (SELECT auth.uid()));
        ```

    Precision: Policies that name user_metadata or raw_user_meta_data. A function
    that reads it on the policy's behalf is not seen.

    Source: Supabase splinter 0015_rls_references_user_metadata; CWE-639.
    """
    for table in schema.tables:
        for policy in table.policies:
            said = f"{policy.using} {policy.check}".lower()
            if "user_metadata" in said.replace("raw_user_meta_data", "user_metadata"):
                yield Flaw(
                    f"{table.key}.{policy.name}",
                    policy.at,
                    f"The policy {policy.name} of {table.key} relies on user_metadata, which its owner can change.",
                    hint="Use app_metadata, or a table of roles.",
                )
