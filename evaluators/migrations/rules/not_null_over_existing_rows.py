"""Rule not-null-over-existing-rows."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.migrations.facts import Act, Migrations
from evaluators.rule import Flaw, rule


@rule("not-null-over-existing-rows", family="migrations", severity=Severity.WARNING)
def not_null_over_existing_rows(migrations: Migrations) -> Iterator[Flaw]:
    """A column that may hold NULL is made NOT NULL, and nothing filled it.

    Why: The statement fails at the first NULL, and on a large table it reads every
    row under an exclusive lock. Fill the column first; a CHECK (x IS NOT NULL) NOT
    VALID that was validated before saves the scan.

    Bad:
        ```sql migrations/0001_init.sql
        CREATE TABLE users (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            email text NOT NULL UNIQUE,
            nickname text,
            phone varchar(40)
        );
        ```
        ```sql migrations/0002_require_nickname.sql
        ALTER TABLE users ALTER COLUMN nickname SET NOT NULL;
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
        ```sql migrations/0002_require_nickname.sql
        UPDATE users SET nickname = email WHERE nickname IS NULL;
        ALTER TABLE users ALTER COLUMN nickname SET NOT NULL;
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
        ```sql migrations/0002_check.sql
        ALTER TABLE users ADD CONSTRAINT has_nickname CHECK (nickname IS NOT NULL) NOT VALID;
        ```
        ```sql migrations/0003_validate.sql
        ALTER TABLE users VALIDATE CONSTRAINT has_nickname;
        ALTER TABLE users ALTER COLUMN nickname SET NOT NULL;
        ```

    Precision: An UPDATE of the column earlier in the history counts as the filling,
    and so does a default from the beginning. A fill that runs in the code is not
    seen.

    Source: squawk adding-not-nullable-field; strong_migrations.
    """
    for history in migrations.histories:
        filled: set[tuple[str, str]] = set()
        for migration in history.migrations:
            for step in migration.up:
                if step.act is Act.WRITE_ROWS and step.name == "update":
                    filled.update((step.table, column) for column in step.columns)
                elif step.act in (Act.TRUNCATE,):
                    filled.update((step.table, c.name) for c in (step.before.columns if step.before else ()))
                if step.act is not Act.SET_NOT_NULL or not step.settled or step.before is None or not step.valid:
                    continue
                column = step.before.column(step.name)
                if column is None or not column.nullable or column.default or (step.table, step.name) in filled:
                    continue
                checks = step.before.checks_of(column.name)
                if column.name in step.before.primary_columns or any(
                    "NOT NULL" in c.expression.upper() for c in checks
                ):
                    continue
                yield Flaw(
                    f"{step.table}.{step.name}",
                    step.at,
                    f"{step.table}.{step.name} becomes NOT NULL, and no migration fills the rows where it is NULL.",
                    hint="Fill the rows where it is NULL by an UPDATE before.",
                )
