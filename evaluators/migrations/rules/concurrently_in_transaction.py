"""Rule concurrently-in-transaction."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.migrations.facts import Act, Migrations
from evaluators.rule import Flaw, rule


@rule("concurrently-in-transaction", family="migrations")
def concurrently_in_transaction(migrations: Migrations) -> Iterator[Flaw]:
    """CONCURRENTLY stands inside a transaction, where PostgreSQL refuses it.

    Why: CREATE INDEX CONCURRENTLY and its kin need several transactions of their
    own. Inside BEGIN, or in a file that the tool wraps in one, the migration fails
    at the deployment.

    Bad:
        ```sql migrations/0001_init.sql
        CREATE TABLE users (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            email text NOT NULL UNIQUE,
            nickname text,
            phone varchar(40)
        );
        ```
        ```sql migrations/0002_index.sql
        BEGIN;
        CREATE INDEX CONCURRENTLY users_nickname_idx ON users (nickname);
        COMMIT;
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
        ```sql migrations/0002_index.sql
        CREATE INDEX CONCURRENTLY users_nickname_idx ON users (nickname);
        ```

    Boundary:
        ```sql db/migrations/20260101000000_init.sql
        -- migrate:up
        CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, nickname text);
        -- migrate:down
        DROP TABLE users;
        ```
        ```sql db/migrations/20260102000000_index.sql
        -- migrate:up transaction:false
        CREATE INDEX CONCURRENTLY users_nickname_idx ON users (nickname);
        -- migrate:down transaction:false
        DROP INDEX CONCURRENTLY users_nickname_idx;
        ```

    Precision: A transaction that is written counts, and one that goose, dbmate,
    sqlx or Alembic opens unless the file says otherwise; golang-migrate, Prisma,
    Flyway and Supabase send a file's statements together, so that two of them share
    one. Other tools are not guessed at.

    Source: PostgreSQL manual, CREATE INDEX, Building Indexes Concurrently; squawk
    ban-concurrent-index-creation-in-transaction.
    """
    if migrations.dialect != "postgres":
        return
    for _, step in migrations.steps(Act.CREATE_INDEX, Act.DROP_INDEX):
        if step.concurrently and step.transaction:
            by = "BEGIN" if step.transaction == "written" else step.transaction
            yield Flaw(
                f"{step.act} {step.name}",
                step.at,
                f"{step.act.capitalize()} {step.name} CONCURRENTLY runs in the transaction that {by} opens.",
                hint="Give it a migration of its own that the tool runs without a transaction.",
            )
