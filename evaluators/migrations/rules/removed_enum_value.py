"""Rule removed-enum-value."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.migrations.facts import Act, Migrations
from evaluators.rule import Flaw, rule


@rule("removed-enum-value", family="migrations", severity=Severity.WARNING)
def removed_enum_value(migrations: Migrations) -> Iterator[Flaw]:
    """A value of an enumerated type is taken away while rows may hold it.

    Why: PostgreSQL has no statement for it: the type is made anew and every column
    cast, under a lock, and the cast fails at the first row with the lost value.
    MySQL turns such rows into the empty text, or refuses.

    Bad:
        ```sql migrations/0001_init.sql
        CREATE TYPE mood AS ENUM ('good', 'bad', 'odd');
        CREATE TABLE days (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, mood mood NOT NULL);
        ```
        ```sql migrations/0002_mood.sql
        ALTER TYPE mood RENAME TO mood_old;
        CREATE TYPE mood AS ENUM ('good', 'bad');
        ```

    Good:
        ```sql migrations/0001_init.sql
        CREATE TYPE mood AS ENUM ('good', 'bad', 'odd');
        CREATE TABLE days (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, mood mood NOT NULL);
        ```
        ```sql migrations/0002_mood.sql
        ALTER TYPE mood ADD VALUE 'fine';
        ```

    Boundary:
        ```sql migrations/0001_init.sql
        CREATE TYPE mood AS ENUM ('good', 'bad', 'odd');
        CREATE TABLE days (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, mood mood NOT NULL);
        ```
        ```sql migrations/0002_mood.sql
        UPDATE days SET mood = 'bad' WHERE mood = 'odd';
        ALTER TYPE mood RENAME TO mood_old;
        CREATE TYPE mood AS ENUM ('good', 'bad');
        ```

    Precision: The usual exchange (rename, create, cast), a DELETE from pg_enum, and
    MySQL's MODIFY. An UPDATE earlier in the migration that names the lost value
    counts as the move of its rows.

    Source: PostgreSQL manual, 8.7.4 Implementation Details (enumerated types).
    """
    for migration in migrations.all:
        old: dict[str, tuple[str, ...]] = {}
        for step in migration.up:
            name, after = step.name, step.values
            before: tuple[str, ...] = ()
            if step.act is Act.RENAME_TYPE and step.enum is not None:
                old[step.name] = step.enum.values
            elif step.act is Act.CREATE_ENUM:
                before = old.get(step.name, ())
            elif step.act is Act.RETYPE_COLUMN and step.type is not None and step.before is not None and step.settled:
                column = step.before.column(step.name)
                name, after = f"{step.table}.{step.name}", step.type.values
                before = column.type.values if column is not None and after and migrations.dialect == "mysql" else ()
            elif step.act is Act.WRITE_ROWS and step.name == "delete" and step.table.endswith("pg_enum"):
                yield Flaw(step.table, step.at, "A value is deleted from the catalog of enumerated types.", hint=_HINT)
            lost = [value for value in before if value not in after]
            texts = " ".join(s.statement.text for s in migration.earlier(step) if s.act is Act.WRITE_ROWS)
            if lost and not all(f"'{value}'" in texts for value in lost):
                said = ", ".join(f"'{value}'" for value in lost)
                yield Flaw(name, step.at, f"{name} loses {said}, and rows may hold it.", hint=_HINT)


_HINT = "Move the rows to another value first; then make the type anew, or leave the value where it is."
