"""Rule policy-call-per-row."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.schema import Schema

_BARE = re.compile(r"(?<!select )\b(?:auth\.(?:uid|jwt|role|email)|current_setting)\s*\(", re.IGNORECASE)


@rule("policy-call-per-row", family="sql", severity=Severity.WARNING)
def policy_call_per_row(schema: Schema) -> Iterator[Flaw]:
    """A policy calls auth.uid() or current_setting() for each row instead of once.

    Why: Written bare, the planner calls the function for every row that it
    looks at. In a sub-select it is called once for the statement; on a large
    table that is a factor of a hundred.

    Bad:
        ```sql schema.sql
        CREATE TABLE notes (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            owner_id uuid NOT NULL
        );
        CREATE INDEX notes_owner_id_idx ON notes (owner_id);
        ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
        CREATE POLICY own_notes ON notes TO authenticated USING (owner_id = auth.uid());
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
        CREATE TABLE notes (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, owner_id uuid NOT NULL);
        CREATE POLICY own_notes ON notes USING (owner_id = (SELECT auth.uid()));
        CREATE FUNCTION who() RETURNS uuid LANGUAGE sql STABLE AS 'SELECT auth.uid()';
        ```

    Precision: Supabase's functions and current_setting. A function of one's own
    that calls them for each row is not seen.

    Source: Supabase splinter 0003_auth_rls_initplan.
    """
    for table in schema.tables:
        bad = [policy for policy in table.policies if _BARE.search(f"{policy.using} {policy.check}")]
        if bad:
            yield Flaw(
                table.key,
                bad[0].at,
                f"Policies of {table.key} call a function for each row: {', '.join(sorted(p.name for p in bad))}.",
                hint="Write (SELECT auth.uid()).",
                places=tuple(policy.at for policy in bad[1:]),
            )
