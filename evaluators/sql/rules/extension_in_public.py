"""Rule extension-in-public."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.schema import Schema

_HEAD = re.compile(r"create\s+extension\s+(?:if\s+not\s+exists\s+)?\"?([\w-]+)\"?", re.IGNORECASE)


@rule("extension-in-public", family="sql", severity=Severity.INFO, strict=True, security=True)
def extension_in_public(schema: Schema) -> Iterator[Flaw]:
    """An extension puts its functions into the schema that the API exposes.

    Why: A hosted API serves what is in public, so an extension's functions can be
    called from outside, and an upgrade of it collides with names of one's own.

    Bad:
        ```sql schema.sql
        CREATE EXTENSION citext;
        CREATE TABLE notes (
           id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
           owner_id uuid NOT NULL
        );
        CREATE INDEX notes_owner_id_idx ON notes (owner_id);
        ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
        CREATE POLICY own_notes ON notes TO authenticated USING (owner_id = (SELECT auth.uid()));
        ```

    Good:
        ```sql schema.sql
        CREATE EXTENSION citext WITH SCHEMA extensions;
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
        CREATE EXTENSION citext;
        CREATE TABLE notes (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        ```

    Precision: Judged in schemas with row-level policies only, since elsewhere
    public is not exposed. An extension that was moved later by ALTER EXTENSION ...
    SET SCHEMA is reported all the same.

    Source: Supabase splinter 0014_extension_in_public.
    """
    if schema.dialect != "postgres" or not any(table.policies for table in schema.tables):
        return
    for statement in schema.statements:
        found = _HEAD.match(statement.text)
        elsewhere = re.search(r"\bschema\s+\"?(?!public\b)\w", statement.text, re.IGNORECASE)
        if found and not elsewhere and found[1].lower() not in ("plpgsql", "pgjwt", "pg_cron", "pg_net", "pgsodium"):
            yield Flaw(
                found[1].lower(),
                statement.at(),
                f"The extension {found[1].lower()} goes into the schema public.",
                hint="CREATE EXTENSION ... WITH SCHEMA extensions;",
            )
