"""Rule down-leaves-rest."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.migrations.facts import Act, Migrations
from evaluators.rule import Flaw, rule


@rule("down-leaves-rest", family="migrations", severity=Severity.WARNING)
def down_leaves_rest(migrations: Migrations) -> Iterator[Flaw]:
    """A way down leaves in place what its way up made.

    Why: Going down and up again fails: the table or column is there already. Said
    where a way down exists and drops none of a table or column that the way up
    made.

    Bad:
        ```sql migrations/0001_init.up.sql
        CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        ```
        ```sql migrations/0001_init.down.sql
        DROP TABLE users;
        ```
        ```sql migrations/0002_tags.up.sql
        CREATE TABLE tags (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        ```
        ```sql migrations/0002_tags.down.sql
        DROP TABLE tags;
        ```
        ```sql migrations/0003_notes.up.sql
        CREATE TABLE notes (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        CREATE TABLE files (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        ```
        ```sql migrations/0003_notes.down.sql
        DROP TABLE notes;
        ```

    Good:
        ```sql migrations/0001_init.up.sql
        CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        ```
        ```sql migrations/0001_init.down.sql
        DROP TABLE users;
        ```
        ```sql migrations/0002_tags.up.sql
        CREATE TABLE tags (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        ```
        ```sql migrations/0002_tags.down.sql
        DROP TABLE tags;
        ```
        ```sql migrations/0003_notes.up.sql
        CREATE TABLE notes (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        CREATE TABLE files (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        ```
        ```sql migrations/0003_notes.down.sql
        DROP TABLE files;
        DROP TABLE notes;
        ```

    Boundary:
        ```sql migrations/0001_init.up.sql
        CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        ```
        ```sql migrations/0001_init.down.sql
        DROP TABLE users;
        ```
        ```sql migrations/0002_tags.up.sql
        CREATE TABLE tags (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        ```
        ```sql migrations/0002_tags.down.sql
        DROP TABLE tags;
        ```
        ```sql migrations/0003_notes.up.sql
        CREATE TABLE notes (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        ALTER TABLE notes ADD COLUMN body text;
        ALTER TABLE users ADD COLUMN note text;
        ```
        ```sql migrations/0003_notes.down.sql
        ALTER TABLE users DROP COLUMN note;
        DROP TABLE notes;
        ```

    Precision: Tables and columns. Dropping a schema, or a cascade, counts for all
    in it. Indexes and constraints on what stays are not compared.

    Source: Alembic documentation; golang-migrate, best practices.
    """
    for migration in migrations.all:
        if not migration.down or not migration.has_down:
            continue
        if any(step.act is Act.OTHER or step.name.startswith("schema ") for step in migration.down):
            continue
        gone = {step.table for step in migration.down if step.act in (Act.DROP_TABLE, Act.RENAME_TABLE)}
        lost = {(s.table, s.name) for s in migration.down if s.act in (Act.DROP_COLUMN, Act.RENAME_COLUMN)}
        dropped = {step.table for step in migration.up if step.act in (Act.DROP_TABLE, Act.RENAME_TABLE)}
        removed = {(s.table, s.name) for s in migration.up if s.act in (Act.DROP_COLUMN, Act.RENAME_COLUMN)}
        left = []
        for step in migration.up:
            if step.act is Act.CREATE_TABLE and step.before is None and step.table not in gone | dropped:
                left.append((step, step.table))
            elif step.act is Act.ADD_COLUMN and step.settled and step.table not in gone | dropped:
                kept = (step.table, step.name) not in lost | removed
                left.extend([(step, f"{step.table}.{step.name}")] if kept else [])
        if left:
            yield Flaw(
                left[0][1],
                left[0][0].at,
                f"The way down leaves {', '.join(name for _, name in left)} in place.",
                hint="Undo in the way down what the way up does, in reverse.",
                places=tuple(step.at for step, _ in left[1:]),
            )
