"""Rule duplicate-migration-version."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.migrations.facts import Migration, Migrations
from evaluators.rule import Flaw, rule


@rule("duplicate-migration-version", family="migrations")
def duplicate_migration_version(migrations: Migrations) -> Iterator[Flaw]:
    """Two migrations have the same version.

    Why: The tool runs one of them and takes the other for done, or refuses both. It
    happens when two branches are merged that each added the next number.

    Bad:
        ```sql migrations/0001_init.sql
        CREATE TABLE users (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            email text NOT NULL UNIQUE,
            nickname text,
            phone varchar(40)
        );
        ```
        ```sql migrations/0002_tags.sql
        CREATE TABLE tags (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        ```
        ```sql migrations/0002_notes.sql
        CREATE TABLE notes (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        ```

    Good:
        ```sql migrations/0001_init.sql
        CREATE TABLE users (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            email text NOT NULL UNIQUE,
            nickname text,
            phone varchar(40)
        );
        ```
        ```sql migrations/0002_tags.sql
        CREATE TABLE tags (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        ```
        ```sql migrations/0003_notes.sql
        CREATE TABLE notes (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        ```

    Boundary:
        ```sql migrations/0001_init.up.sql
        CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        ```
        ```sql migrations/0001_init.down.sql
        DROP TABLE users;
        ```
        ```sql other/migrations/0001_init.up.sql
        CREATE TABLE tags (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        ```
        ```sql other/migrations/0001_init.down.sql
        DROP TABLE tags;
        ```

    Precision: Versions are compared within one folder, leading zeros aside;
    Alembic's revision ids too. Files without a number have no version.

    Source: golang-migrate, duplicate migration version; Flyway, Found more than one
    migration with version.
    """
    for history in migrations.histories:
        known: dict[str, Migration] = {}
        for migration in history.migrations:
            first = known.setdefault(migration.version, migration) if migration.version else migration
            if first is not migration:
                yield Flaw(
                    f"{history.folder} {migration.version}",
                    migration.at,
                    f"{migration.path} has the version {migration.version}, which {first.path} has already.",
                    hint="Give the later one the next version.",
                    places=(first.at,),
                )
