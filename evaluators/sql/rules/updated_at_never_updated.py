"""Rule updated-at-never-updated."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.schema import Column, Schema, Table

_NAMES = {"updated_at", "modified_at", "updatedat", "last_updated", "updated_on"}


@rule("updated-at-never-updated", family="sql", severity=Severity.INFO)
def updated_at_never_updated(schema: Schema) -> Iterator[Flaw]:
    """Nothing keeps updated_at of one table up to date, while triggers keep that of the others.

    Why: A default fills it once. Where the schema's triggers set it, the code relies
    on them, and a table without one shows the time of its creation for ever.

    Bad:
        ```sql schema.sql
        CREATE TABLE notes (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            updated_at timestamptz NOT NULL DEFAULT now()
        );
        CREATE TABLE drafts (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            updated_at timestamptz NOT NULL DEFAULT now()
        );
        CREATE TABLE letters (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            updated_at timestamptz NOT NULL DEFAULT now()
        );
        CREATE TABLE memos (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            updated_at timestamptz NOT NULL DEFAULT now()
        );
        CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            NEW.updated_at = now();
            RETURN NEW;
        END $$;
        CREATE TRIGGER notes_touch BEFORE UPDATE ON notes FOR EACH ROW EXECUTE FUNCTION touch();
        CREATE TRIGGER drafts_touch BEFORE UPDATE ON drafts FOR EACH ROW EXECUTE FUNCTION touch();
        CREATE TRIGGER letters_touch BEFORE UPDATE ON letters FOR EACH ROW EXECUTE FUNCTION touch();
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE notes (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            updated_at timestamptz NOT NULL DEFAULT now()
        );
        CREATE TABLE drafts (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            updated_at timestamptz NOT NULL DEFAULT now()
        );
        CREATE TABLE letters (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            updated_at timestamptz NOT NULL DEFAULT now()
        );
        CREATE TABLE memos (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            updated_at timestamptz NOT NULL DEFAULT now()
        );
        CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            NEW.updated_at = now();
            RETURN NEW;
        END $$;
        CREATE TRIGGER notes_touch BEFORE UPDATE ON notes FOR EACH ROW EXECUTE FUNCTION touch();
        CREATE TRIGGER drafts_touch BEFORE UPDATE ON drafts FOR EACH ROW EXECUTE FUNCTION touch();
        CREATE TRIGGER letters_touch BEFORE UPDATE ON letters FOR EACH ROW EXECUTE FUNCTION touch();
        CREATE TRIGGER memos_touch BEFORE UPDATE ON memos FOR EACH ROW EXECUTE FUNCTION touch();
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE notes (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            updated_at timestamptz NOT NULL DEFAULT now()
        );
        CREATE TABLE drafts (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            updated_at timestamptz NOT NULL DEFAULT now()
        );
        CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.updated_at = now(); RETURN NEW; END $$;
        CREATE TRIGGER t BEFORE UPDATE ON notes FOR EACH ROW EXECUTE FUNCTION touch();
        ```

    Precision: Judged where three such columns or more are kept, and three for each
    that is not; elsewhere the code does it. A trigger counts when its function names
    the column, or when the function is not known; so do a routine that names table
    and column, and MySQL's ON UPDATE.

    Source: PostgreSQL manual, F.41 spi (moddatetime).
    """
    kept = 0
    bare: list[tuple[Table, Column]] = []
    for table in schema.tables:
        for column in table.columns:
            if column.name.lower() in _NAMES:
                if column.on_update or _touched(schema, table, column.name):
                    kept += 1
                else:
                    bare.append((table, column))
    if kept < 3 or kept < 3 * len(bare):
        return
    for table, column in bare:
        yield Flaw(
            f"{table.key}.{column.name}",
            column.at,
            f"No trigger sets {table.key}.{column.name} when a row changes, as {kept} others have one.",
            hint="Set it in a BEFORE UPDATE trigger as in the other tables.",
        )


def _touched(schema: Schema, table: Table, column: str) -> bool:
    """Whether a trigger on UPDATE may set the column (its function names it, or is not known), or a routine does."""
    bodies = {function.name.rsplit(".", 1)[-1].lower(): function.body.lower() for function in schema.functions}
    for trigger in table.triggers:
        if "update" in trigger.events and trigger.timing != "after":
            body = bodies.get(trigger.function.rsplit(".", 1)[-1].lower())
            if body is None or re.search(rf"\b{re.escape(column.lower())}\b", body):
                return True
        elif "update" in trigger.events and not trigger.function:
            return True
    name = re.escape(table.name.lower())
    return any(re.search(rf"\b{name}\b", body) and column.lower() in body for body in bodies.values())
