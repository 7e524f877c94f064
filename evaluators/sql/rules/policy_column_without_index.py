"""Rule policy-column-without-index."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.finding import Location, Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.schema import Policy, Schema

_WHO = r"\(?\s*(?:select\s+)?(?:\(?auth\.\w+\(|current_setting\(|current_user|session_user)"


@rule("policy-column-without-index", family="sql", severity=Severity.WARNING)
def policy_column_without_index(schema: Schema) -> Iterator[Flaw]:
    """A policy compares a column that has no index.

    Why: The policy is part of every query on the table. Without an index on the
    column that it tests, each of them reads the whole table, however few rows its
    caller owns.

    Bad:
        ```sql schema.sql
        CREATE TABLE notes (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            owner_id uuid NOT NULL
        );
        ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
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
        CREATE TABLE notes (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            is_public boolean NOT NULL DEFAULT false
        );
        ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
        CREATE POLICY read_notes ON notes FOR SELECT TO authenticated USING (is_public = true);
        ```

    Precision: Judged where the column is compared by equality with who asks:
    auth.uid(), a claim, current_setting or current_user, or is to be one of a
    sub-select's rows. Columns inside sub-selects on other tables are not followed;
    insert policies test new rows and need no index.

    Source: Supabase documentation, Row Level Security, performance recommendations.
    """
    for table in schema.tables:
        first = {columns[0] for columns in table.indexed if columns}
        told: set[str] = set()
        for policy in table.policies:
            if policy.command == "insert":
                continue
            for column in table.columns:
                name = rf'(?<![\w.])(?:{re.escape(table.name)}\.)?"?{re.escape(column.name)}"?(?:::\w+)?'
                asked = re.search(rf"{name}\s*=\s*{_WHO}|{_WHO}[^=]*=\s*{name}", policy.using, re.IGNORECASE)
                asked = asked or re.search(rf"{name}\s+in\s*\(\s*select\b", _outer(policy.using), re.IGNORECASE)
                if asked and column.name not in first | told and column.type.family != "boolean":
                    told.add(column.name)
                    yield Flaw(
                        f"{table.key}.{column.name}",
                        _place(schema, policy, column.name),
                        f"The policy {policy.name} compares {table.key}.{column.name}, which has no index.",
                        hint=f"CREATE INDEX ON {table.key} ({column.name});",
                    )


def _outer(using: str) -> str:
    """The expression with what stands inside its sub-selects left out, the word SELECT kept."""
    kept: list[str] = []
    inside = depth = 0
    for part in re.split(r"(\(\s*select\b|[()])", using[:8_000], flags=re.IGNORECASE):
        opens = part.startswith("(")
        depth += opens
        if opens and len(part) > 1 and not inside:
            inside = depth
            kept.append(part)
        elif not inside:
            kept.append(part)
        if part == ")":
            inside = 0 if inside == depth else inside
            depth -= 1
    return "".join(kept)


def _place(schema: Schema, policy: Policy, column: str) -> Location:
    """Where the policy's statement compares the column; the policy's own place where that is not found."""
    for statement in schema.statements:
        if statement.at() == policy.at:
            found = re.search(rf"\b{re.escape(column)}\b\"?(?:::\w+)?\s*(?:=|in\b)", statement.text, re.IGNORECASE)
            return statement.at(found.start()) if found else policy.at
    return policy.at
