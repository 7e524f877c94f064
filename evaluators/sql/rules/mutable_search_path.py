"""Rule mutable-search-path."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.schema import Schema


@rule("mutable-search-path", family="sql", severity=Severity.INFO, strict=True, security=True)
def mutable_search_path(schema: Schema) -> Iterator[Flaw]:
    """A function looks names up where its caller says.

    Why: Without SET search_path, a name inside means whatever stands first on the
    caller's path. Where several roles share a database, as on a hosted PostgreSQL,
    one of them can put its own table or operator there. Trigger functions run for
    every writer.

    Bad:
        ```sql schema.sql
        CREATE TABLE notes (
           id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
           owner_id uuid NOT NULL
        );
        CREATE INDEX notes_owner_id_idx ON notes (owner_id);
        ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
        CREATE POLICY own_notes ON notes TO authenticated USING (owner_id = (SELECT auth.uid()));
        CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RETURN NEW;
        END $$;
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
        CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
        BEGIN
            RETURN NEW;
        END $$;
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE notes (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RETURN NEW;
        END $$;
        ```

    Precision: Judged in schemas with row-level policies only, where strangers share
    the database, and said once. SECURITY DEFINER functions have a rule of their
    own.

    Source: Supabase splinter 0011_function_search_path_mutable.
    """
    if not any(table.policies for table in schema.tables):
        return
    loose = [each for each in schema.functions if not each.security_definer and "search_path" not in each.settings]
    if loose:
        yield Flaw(
            loose[0].at.path,
            loose[0].at,
            f"These functions have no search_path of their own: {', '.join(each.name for each in loose)}.",
            hint="Add SET search_path = '' and qualify the names inside.",
            places=tuple(each.at for each in loose[1:]),
        )
