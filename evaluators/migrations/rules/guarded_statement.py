"""Rule guarded-statement."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.migrations.facts import Act, Migrations
from evaluators.rule import Flaw, rule


@rule("guarded-statement", family="migrations", severity=Severity.INFO, strict=True)
def guarded_statement(migrations: Migrations) -> Iterator[Flaw]:
    """A migration says IF NOT EXISTS and so hides that a database is not in the state it should be.

    Why: A versioned migration runs once, from a known state. Where the table is
    there already, something is wrong, and the guard goes past it in silence. Said
    once for a migration.

    Bad:
        ```sql migrations/0001_init.sql
        CREATE TABLE users (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            email text NOT NULL UNIQUE,
            nickname text,
            phone varchar(40)
        );
        ```
        ```sql migrations/0002_profiles.sql
        CREATE TABLE IF NOT EXISTS profiles (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
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
        ```sql migrations/0002_profiles.sql
        CREATE TABLE profiles (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        ```

    Boundary:
        ```sql migrations/0001_init.sql
        CREATE TABLE users (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            email text NOT NULL UNIQUE,
            nickname text,
            phone varchar(40)
        );
        ```
        ```sql migrations/0002_profiles.sql
        DROP TABLE IF EXISTS profiles;
        CREATE INDEX CONCURRENTLY IF NOT EXISTS users_nickname_idx ON users (nickname);
        ```

    Precision: Tables and columns. Indexes that are built CONCURRENTLY are repeated
    after a failure and need the guard. Many teams want it everywhere, so this is
    kept for the preset strict.

    Source: Atlas documentation, drift detection.
    """
    for migration in migrations.all:
        acts = (Act.CREATE_TABLE, Act.ADD_COLUMN)
        found = [s for s in migration.up if s.guarded and s.act in acts and (s.before is None or s.act is acts[1])]
        if found and migration.recent:
            yield Flaw(
                migration.path,
                found[0].at,
                f"IF NOT EXISTS hides whether {', '.join(dict.fromkeys(s.table for s in found))} was there before.",
                hint="Leave the guard out, so that a drifted database is noticed.",
                places=tuple(step.at for step in found[1:]),
            )
