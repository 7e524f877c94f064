"""Rule unique-over-existing-rows."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.migrations.facts import Act, Migrations, Step
from evaluators.rule import Flaw, rule


@rule("unique-over-existing-rows", family="migrations", severity=Severity.WARNING)
def unique_over_existing_rows(migrations: Migrations) -> Iterator[Flaw]:
    """A unique key is put over columns that are in use and may hold doubles.

    Why: The statement fails at the first double, at the deployment and not on the
    developer's machine. Look for doubles and mend them in a migration before.

    Bad:
        ```sql migrations/0001_init.sql
        CREATE TABLE users (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            email text NOT NULL UNIQUE,
            nickname text,
            phone varchar(40)
        );
        ```
        ```sql migrations/0002_unique_phone.sql
        ALTER TABLE users ADD CONSTRAINT users_phone_key UNIQUE (phone);
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
        ```sql migrations/0002_unique_phone.sql
        UPDATE users AS u SET phone = NULL WHERE EXISTS (SELECT 1 FROM users o WHERE o.phone = u.phone AND o.id <
        u.id);
        ALTER TABLE users ADD CONSTRAINT users_phone_key UNIQUE (phone);
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
        ```sql migrations/0002_index_phone.sql
        CREATE UNIQUE INDEX CONCURRENTLY users_phone_idx ON users (phone);
        ```
        ```sql migrations/0003_unique_phone.sql
        ALTER TABLE users ADD CONSTRAINT users_phone_key UNIQUE USING INDEX users_phone_idx;
        ```
        ```sql migrations/0004_tokens.sql
        ALTER TABLE users ADD COLUMN token text UNIQUE;
        ```

    Precision: An UPDATE or DELETE on the table earlier in the history counts as the
    cleaning, though it may mend something else. Data are not looked at. Columns that
    hold a key already can have no doubles, and an index that is built CONCURRENTLY
    first fails harmlessly: both are left alone.

    Source: Atlas MF101.
    """
    for history in migrations.histories:
        cleaned: set[str] = set()
        for migration in history.migrations:
            grown: set[tuple[str, str]] = set()
            for step in migration.up:
                if step.act is Act.WRITE_ROWS and step.name in ("update", "delete"):
                    cleaned.add(step.table)
                elif step.act is Act.ADD_COLUMN:
                    grown.add((step.table, step.name))
                unique = step.act is Act.ADD_UNIQUE or (step.act is Act.CREATE_INDEX and step.unique)
                new = any((step.table, column) in grown for column in step.columns) or step.column is not None
                if not unique or step.ready or step.concurrently or new or not step.settled or step.table in cleaned:
                    continue
                if migration.recent and not _held(step):
                    yield Flaw(
                        f"{step.table}.{', '.join(step.columns)}",
                        step.at,
                        f"{step.table} ({', '.join(step.columns)}) becomes unique, and there may be doubles.",
                        hint="Mend the doubles in a migration before.",
                    )


def _held(step: Step) -> bool:
    """Whether the columns hold a key of the table already, so that there can be no doubles."""
    return step.before is not None and any(names <= set(step.columns) for names in step.before.unique_sets)
