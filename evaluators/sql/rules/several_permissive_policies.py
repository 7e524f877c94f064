"""Rule several-permissive-policies."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.schema import Policy, Schema


@rule("several-permissive-policies", family="sql", severity=Severity.INFO)
def several_permissive_policies(schema: Schema) -> Iterator[Flaw]:
    """Several permissive policies of one table let the same role do the same.

    Why: They are joined by OR, so a strict one means nothing beside a loose one,
    and each of them is run for each row. One policy with OR says the same where it
    can be read; AS RESTRICTIVE narrows.

    Bad:
        ```sql schema.sql
        CREATE TABLE notes (
           id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
           owner_id uuid NOT NULL
        );
        CREATE INDEX notes_owner_id_idx ON notes (owner_id);
        ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
        CREATE POLICY own_notes ON notes FOR SELECT TO authenticated USING (owner_id = (SELECT auth.uid()));
        CREATE POLICY old_notes ON notes FOR SELECT TO authenticated USING (id < 1000);
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE notes (
           id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
           owner_id uuid NOT NULL
        );
        CREATE INDEX notes_owner_id_idx ON notes (owner_id);
        ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
        CREATE POLICY read_notes ON notes FOR SELECT TO authenticated
        USING (owner_id = (SELECT auth.uid()) OR id < 1000);
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE notes (
           id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
           owner_id uuid NOT NULL
        );
        CREATE INDEX notes_owner_id_idx ON notes (owner_id);
        ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
        CREATE POLICY own_notes ON notes FOR ALL TO authenticated USING (owner_id = (SELECT auth.uid()));
        CREATE POLICY read_notes ON notes FOR SELECT TO anon USING (id < 1000);
        CREATE POLICY few_notes ON notes AS RESTRICTIVE FOR ALL TO authenticated USING (id > 0);
        ```

    Precision: Policies for the same command and a common role. A policy FOR ALL
    beside one for a single command is a usual pair (owners write, members read) and
    is left alone.

    Source: Supabase splinter 0006_multiple_permissive_policies.
    """
    for table in schema.tables:
        groups: dict[tuple[str, str], list[Policy]] = {}
        for policy in table.policies:
            if policy.permissive:
                for role in policy.roles or ("public",):
                    groups.setdefault((policy.command, role), []).append(policy)
        many = [(command, role, held) for (command, role), held in sorted(groups.items()) if len(held) > 1]
        if many:
            command, role, held = many[0]
            names = ", ".join(policy.name for policy in held)
            yield Flaw(
                table.key,
                held[1].at,
                f"{table.key} has {len(held)} permissive policies for {role} and {command}, joined by OR: {names}.",
                hint="Make them one policy, or the narrowing ones AS RESTRICTIVE.",
                places=tuple(policy.at for policy in held if policy is not held[1]),
            )
