"""Rule several-locks."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.migrations.facts import LOCKS, Migrations
from evaluators.rule import Flaw, rule


@rule("several-locks", family="migrations", severity=Severity.INFO, strict=True)
def several_locks(migrations: Migrations) -> Iterator[Flaw]:
    """One transaction locks several tables that are in use.

    Why: Each lock is held until the end, so all of them wait as long as the slowest
    takes, and two such migrations, or a migration and a service that locks in
    another order, block each other for good.

    Bad:
        ```sql migrations/0001_init.sql
        CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        ```
        ```sql migrations/0002_add.sql
        BEGIN;
        SET lock_timeout = '2s';
        ALTER TABLE users ADD COLUMN note text;
        ALTER TABLE orders ADD COLUMN note text;
        COMMIT;
        ```

    Good:
        ```sql migrations/0001_init.sql
        CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        ```
        ```sql migrations/0002_add.sql
        SET lock_timeout = '2s';
        ALTER TABLE users ADD COLUMN note text;
        ```
        ```sql migrations/0003_add.sql
        SET lock_timeout = '2s';
        ALTER TABLE orders ADD COLUMN note text;
        ```

    Boundary:
        ```sql migrations/0001_init.sql
        CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        ```
        ```sql migrations/0002_add.sql
        BEGIN;
        SET lock_timeout = '2s';
        ALTER TABLE users ADD COLUMN note text;
        ALTER TABLE users ADD COLUMN other text;
        CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        ALTER TABLE orders ADD COLUMN note text;
        COMMIT;
        ```

    Precision: PostgreSQL. Judged where a transaction is written or the tool is
    known to open one. Short changes of catalogs only are harmless, which is why
    this is kept for the preset strict.

    Source: Atlas, PG301 and its siblings; PostgreSQL manual, 13.3 Explicit Locking.
    """
    if migrations.dialect != "postgres":
        return
    for migration in migrations.all:
        held = [s for s in migration.up if s.act in LOCKS and s.settled and s.transaction and s.before is not None]
        tables = sorted({step.table for step in held})
        if len(tables) > 1 and migration.recent:
            second = next(step for step in held if step.table != held[0].table)
            yield Flaw(
                migration.path,
                second.at,
                f"One transaction locks {', '.join(tables)} until its end.",
                hint="One migration for each table.",
                places=(held[0].at,),
            )
