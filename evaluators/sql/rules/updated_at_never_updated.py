"""Rule updated-at-never-updated."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.habits import told_once
from evaluators.sql.schema import Schema


@rule("updated-at-never-updated", family="sql", severity=Severity.INFO, strict=True)
def updated_at_never_updated(schema: Schema) -> Iterator[Flaw]:
    """Nothing in the schema keeps updated_at up to date.

    Why: A default fills it once. Unless a trigger (or MySQL's ON UPDATE) sets
    it, each UPDATE in the code must, and some will not. Info, since the code
    may do it.

    Bad:
        ```sql schema.sql
        CREATE TABLE notes (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            updated_at timestamptz NOT NULL DEFAULT now()
        );
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE notes (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            updated_at timestamptz NOT NULL DEFAULT now()
        );
        CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            NEW.updated_at = now();
            RETURN NEW;
        END $$;
        CREATE TRIGGER notes_touch BEFORE UPDATE ON notes FOR EACH ROW EXECUTE FUNCTION touch();
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE notes (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            updated_at timestamptz NOT NULL DEFAULT now()
        );
        CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
        CREATE TRIGGER t BEFORE UPDATE ON notes FOR EACH ROW EXECUTE FUNCTION f();
        ```

    Precision: Any trigger on UPDATE counts. ORMs set the column in the code, which
    is not looked at here, so this is kept for the preset strict.

    Source: PostgreSQL manual, F.41 spi (moddatetime).
    """
    yield from told_once(_flaws(schema), schema, "columns are set by no trigger when a row changes")


def _flaws(schema: Schema) -> Iterator[Flaw]:
    """One flaw each."""
    named = {"updated_at", "modified_at", "updatedat", "last_updated", "updated_on"}
    for table in schema.tables:
        for column in table.columns:
            if column.name.lower() not in named or column.on_update:
                continue
            if any("update" in trigger.events for trigger in table.triggers):
                continue
            yield Flaw(
                f"{table.key}.{column.name}",
                column.at,
                f"No trigger sets {table.key}.{column.name} when a row changes.",
                hint="Set it in a BEFORE UPDATE trigger, or in every UPDATE.",
            )
