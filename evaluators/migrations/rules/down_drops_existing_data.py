"""Rule down-drops-existing-data."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.migrations.facts import Act, Migrations
from evaluators.rule import Flaw, rule


@rule("down-drops-existing-data", family="migrations", severity=Severity.WARNING)
def down_drops_existing_data(migrations: Migrations) -> Iterator[Flaw]:
    """A way down drops a table or column that was there before the migration.

    Why: Going back one step then loses data that the step had nothing to do with.
    Usually the way down was copied from another migration, or names the wrong
    table.

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
        ```
        ```sql migrations/0003_notes.down.sql
        DROP TABLE notes;
        DROP TABLE tags;
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
        ```
        ```sql migrations/0003_notes.down.sql
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
        ```sql migrations/0003_labels.up.sql
        ALTER TABLE tags RENAME TO labels;
        ALTER TABLE labels ADD COLUMN note text;
        ```
        ```sql migrations/0003_labels.down.sql
        ALTER TABLE labels DROP COLUMN note;
        ALTER TABLE labels RENAME TO tags;
        ```

    Precision: What the way up made, or renamed, is its own to drop. Ways down that
    are dynamic are not judged.

    Source: Atlas DS102 and DS103, for ways down.
    """
    for migration in migrations.all:
        made = {step.table for step in migration.up if step.act is Act.CREATE_TABLE}
        made |= {step.to for step in migration.up if step.act is Act.RENAME_TABLE}
        added = {(s.table, s.name) for s in migration.up if s.act is Act.ADD_COLUMN}
        added |= {(s.table, s.to) for s in migration.up if s.act is Act.RENAME_COLUMN}
        for step in migration.down:
            if step.table in made or step.before is None:
                continue
            column = step.act is Act.DROP_COLUMN and step.before.column(step.name) is not None
            if step.act is Act.DROP_TABLE or (column and (step.table, step.name) not in added):
                what = f"{step.table}.{step.name}" if column else step.table
                if column and any(name == step.name for _, name in added):
                    continue
                yield Flaw(
                    what,
                    step.at,
                    f"The way down drops {what}, which was there before the migration.",
                    hint="Drop only what the way up made.",
                )
