"""Rule rewriting-default."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.migrations.facts import Act, Migrations
from evaluators.rule import Flaw, rule

_VOLATILE = re.compile(
    r"\b(random|gen_random_uuid|uuid_generate_v\d\w*|clock_timestamp|timeofday|nextval)\s*\(", re.IGNORECASE
)


@rule("rewriting-default", family="migrations", severity=Severity.WARNING)
def rewriting_default(migrations: Migrations) -> Iterator[Flaw]:
    """Adding a column rewrites the whole table under a lock.

    Why: PostgreSQL keeps a constant default in the catalog, which takes no time. A
    value that differs from row to row (random, clock_timestamp, a UUID, a serial, a
    stored generated column) is written into each row, while nobody reads or writes
    the table.

    Bad:
        ```sql migrations/0001_init.sql
        CREATE TABLE users (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            email text NOT NULL UNIQUE,
            nickname text,
            phone varchar(40)
        );
        ```
        ```sql migrations/0002_add_ref.sql
        ALTER TABLE users ADD COLUMN ref uuid NOT NULL DEFAULT gen_random_uuid();
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
        ```sql migrations/0002_add_ref.sql
        ALTER TABLE users ADD COLUMN ref uuid;
        ALTER TABLE users ALTER COLUMN ref SET DEFAULT gen_random_uuid();
        UPDATE users SET ref = gen_random_uuid() WHERE ref IS NULL;
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
        ```sql migrations/0002_add_seen.sql
        ALTER TABLE users ADD COLUMN seen_at timestamptz NOT NULL DEFAULT now();
        ```

    Precision: PostgreSQL 11 and later. now() is the same for the whole statement
    and fine. Volatile functions are known by name; a function of one's own is not
    judged. Only the last five migrations of a history: older ones have run.

    Source: squawk adding-field-with-default; strong_migrations.
    """
    if migrations.dialect != "postgres":
        return
    for migration, step in migrations.steps(Act.ADD_COLUMN):
        column = step.column
        if column is None or not step.settled or not migration.recent:
            continue
        made = _VOLATILE.search(column.default or "")
        why = f"{made[1]}()" if made else "a number of its own" if column.identity else ""
        why = why or ("a generated value" if column.generated else "")
        if why:
            yield Flaw(
                f"{step.table}.{column.name}",
                column.at,
                f"Adding {step.table}.{column.name} writes {why} into every row under an exclusive lock.",
                hint="Add the column without it, set the default afterwards, and fill the rows in batches.",
            )
