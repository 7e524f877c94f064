"""Rule missing-lock-timeout."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.migrations.facts import LOCKS, Act, Migrations
from evaluators.rule import Flaw, rule


@rule("missing-lock-timeout", family="migrations", severity=Severity.INFO)
def missing_lock_timeout(migrations: Migrations) -> Iterator[Flaw]:
    """A migration waits for its locks without end, where the others set a timeout.

    Why: ALTER TABLE stands in the queue behind one long query, and every later
    query on the table behind ALTER TABLE. With a lock_timeout it gives up after a
    moment and is tried again.

    Bad:
        ```sql migrations/0001_init.sql
        CREATE TABLE users (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            email text NOT NULL UNIQUE,
            nickname text,
            phone varchar(40)
        );
        ```
        ```sql migrations/0002_add_city.sql
        SET lock_timeout = '2s';
        ALTER TABLE users ADD COLUMN city text;
        ```
        ```sql migrations/0003_add_country.sql
        ALTER TABLE users ADD COLUMN country text;
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
        ```sql migrations/0002_add_city.sql
        SET lock_timeout = '2s';
        ALTER TABLE users ADD COLUMN city text;
        ```
        ```sql migrations/0003_add_country.sql
        SET lock_timeout = '2s';
        ALTER TABLE users ADD COLUMN country text;
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
        ```sql migrations/0002_add_city.sql
        SET lock_timeout = '2s';
        ALTER TABLE users ADD COLUMN city text;
        ```
        ```sql migrations/0003_profiles.sql
        CREATE TABLE profiles (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        CREATE INDEX CONCURRENTLY users_nickname_idx ON users (nickname);
        ```

    Precision: PostgreSQL, in histories that set a timeout somewhere; elsewhere the
    tool or the role may set it, which is not in the files. Said once for a
    migration.

    Source: squawk require-timeout-settings; strong_migrations.
    """
    if migrations.dialect != "postgres":
        return
    for history in migrations.histories:
        bounded = {m.path for m in history.migrations if any(s.act is Act.SET and s.name in _TIMEOUTS for s in m.up)}
        for migration in history.migrations:
            waits = [s for s in migration.up if s.act in LOCKS and s.settled and not s.concurrently]
            if waits and bounded and migration.path not in bounded and migration.recent:
                yield Flaw(
                    migration.path,
                    waits[0].at,
                    f"The migration locks {', '.join(sorted({s.table for s in waits}))} without a lock_timeout.",
                    hint="SET lock_timeout = '2s';",
                )


_TIMEOUTS = frozenset({"lock_timeout", "statement_timeout"})
