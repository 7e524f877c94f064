"""Rule blocking-index."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.migrations.facts import Act, Migrations
from evaluators.rule import Flaw, rule


@rule("blocking-index", family="migrations", severity=Severity.WARNING, strict=True)
def blocking_index(migrations: Migrations) -> Iterator[Flaw]:
    """An index is built while nobody can write to its table.

    Why: CREATE INDEX keeps all writes waiting until it is done: minutes on a large
    table. CONCURRENTLY takes longer and lets them pass; it runs outside a
    transaction.

    Bad:
        ```sql migrations/0001_init.sql
        CREATE TABLE users (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            email text NOT NULL UNIQUE,
            nickname text,
            phone varchar(40)
        );
        ```
        ```sql migrations/0002_index_nickname.sql
        CREATE INDEX users_nickname_idx ON users (nickname);
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
        ```sql migrations/0002_index_nickname.sql
        CREATE INDEX CONCURRENTLY users_nickname_idx ON users (nickname);
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
        CREATE TABLE profiles (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, bio text NOT NULL);
        CREATE INDEX profiles_bio_idx ON profiles (bio);
        ```

    Precision: PostgreSQL, on tables that an earlier migration made. On small tables
    it does not matter, and size is not in the files: so this is kept for the preset
    strict. Said once for a migration.

    Source: squawk require-concurrent-index-creation; strong_migrations.
    """
    if migrations.dialect != "postgres":
        return
    for migration in migrations.all:
        slow = [s for s in migration.up if s.act is Act.CREATE_INDEX and s.settled and not s.concurrently]
        if slow and migration.recent:
            yield Flaw(
                f"{slow[0].table}.{slow[0].name}",
                slow[0].at,
                f"Writes to {', '.join(sorted({s.table for s in slow}))} wait while an index is built.",
                hint="CREATE INDEX CONCURRENTLY, in a migration of its own without a transaction.",
                places=tuple(step.at for step in slow[1:]),
            )
