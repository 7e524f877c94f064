"""Rule drop-cascade."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.migrations.facts import Act, Migrations
from evaluators.rule import Flaw, rule


@rule("drop-cascade", family="migrations", severity=Severity.WARNING)
def drop_cascade(migrations: Migrations) -> Iterator[Flaw]:
    """A DROP takes everything along that depends on it.

    Why: CASCADE drops the foreign keys, views and policies of other tables,
    whatever they are on the day when it runs, and names none of them. Without it
    the database refuses and says what is in the way.

    Bad:
        ```sql migrations/0001_init.sql
        CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        CREATE VIEW members AS SELECT id FROM users;
        ```
        ```sql migrations/0002_drop.sql
        DROP VIEW members CASCADE;
        ```

    Good:
        ```sql migrations/0001_init.sql
        CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        CREATE VIEW members AS SELECT id FROM users;
        ```
        ```sql migrations/0002_drop.sql
        DROP VIEW members;
        ```

    Boundary:
        ```sql migrations/0001_init.sql
        DROP TABLE IF EXISTS users CASCADE;
        CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        CREATE TABLE old (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        DROP TABLE old CASCADE;
        ```

    Precision: DROP IF EXISTS before the first CREATE of a script, and what the same
    migration made, are let pass. Ways down may cascade. Only the last five
    migrations of a history.

    Source: squawk ban-drop-table (cascade); strong_migrations.
    """
    for migration in migrations.all:
        for step in migration.up if migration.recent else ():
            known = step.before is not None or step.act in (Act.DROP_OTHER, Act.DROP_COLUMN, Act.DROP_CONSTRAINT)
            if step.cascade and known and not step.fresh and step.act is not Act.TRUNCATE:
                what = f"{step.table}.{step.name}" if step.table and step.table != step.name else step.name
                yield Flaw(
                    what,
                    step.at,
                    f"DROP of {what} takes along whatever depends on it.",
                    hint="Leave CASCADE out, and drop by name what the database says is in the way.",
                )
