"""Rule missing-down-migration."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.migrations.facts import Act, Migrations
from evaluators.rule import Flaw, rule


@rule("missing-down-migration", family="migrations", severity=Severity.WARNING)
def missing_down_migration(migrations: Migrations) -> Iterator[Flaw]:
    """A migration has no way down where the others have one.

    Why: The project can go back, and not past this one: in the incident in which it
    is needed, somebody writes it by hand. Judged where at least two of three
    migrations have a way down.

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
        ```sql migrations/0001_init.sql
        CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        ```
        ```sql migrations/0002_tags.sql
        CREATE TABLE tags (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        ```

    Precision: A way down that is empty or only `pass` counts as none, unless its
    migration writes rows only. Merges of Alembic, repeatable Flyway scripts and
    what is dynamic are let pass.

    Source: golang-migrate and Alembic documentation (downgrades).
    """
    for history in migrations.histories:
        own = [each for each in history.migrations if each.up]
        lacking = [each for each in own if not each.has_down]
        if len(own) - len(lacking) < 2 or len(lacking) * 3 > len(own):
            continue
        for migration in lacking:
            if any(step.act not in (Act.WRITE_ROWS, Act.SET, Act.BEGIN, Act.COMMIT) for step in migration.up):
                yield Flaw(
                    migration.path,
                    migration.at,
                    f"{migration.version or migration.path} has no way down; {len(own) - len(lacking)} others have.",
                    hint="Write the way down.",
                )
