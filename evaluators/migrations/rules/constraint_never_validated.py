"""Rule constraint-never-validated."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.migrations.facts import Act, Migrations
from evaluators.rule import Flaw, rule


@rule("constraint-never-validated", family="migrations", severity=Severity.INFO)
def constraint_never_validated(migrations: Migrations) -> Iterator[Flaw]:
    """A constraint was added NOT VALID, and nothing validates it.

    Why: It holds for new rows only. Older ones may break it, the planner does not
    trust it, and nobody remembers that the second half is missing.

    Bad:
        ```sql migrations/0001_init.sql
        CREATE TABLE users (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            email text NOT NULL UNIQUE,
            nickname text,
            phone varchar(40)
        );
        ```
        ```sql migrations/0002_check_email.sql
        ALTER TABLE users ADD CONSTRAINT email_form CHECK (email LIKE '%@%') NOT VALID;
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
        ```sql migrations/0002_check_email.sql
        ALTER TABLE users ADD CONSTRAINT email_form CHECK (email LIKE '%@%') NOT VALID;
        ```
        ```sql migrations/0003_validate_email.sql
        ALTER TABLE users VALIDATE CONSTRAINT email_form;
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
        ```sql migrations/0002_check_email.sql
        ALTER TABLE users ADD CONSTRAINT email_form CHECK (email LIKE '%@%') NOT VALID;
        ```
        ```sql migrations/0003_drop_check.sql
        ALTER TABLE users DROP CONSTRAINT email_form;
        ```

    Precision: PostgreSQL. By the constraint's name, over the later migrations of
    the same history; one that is validated by hand is reported.

    Source: PostgreSQL manual, ALTER TABLE, ADD table_constraint NOT VALID.
    """
    for history in migrations.histories:
        steps = [step for migration in history.migrations for step in migration.up]
        ended = {(step.table, step.name) for step in steps if step.act in (Act.VALIDATE, Act.DROP_CONSTRAINT)}
        gone = {step.table for step in steps if step.act is Act.DROP_TABLE}
        for step in steps:
            if not step.valid and step.name and (step.table, step.name) not in ended and step.table not in gone:
                yield Flaw(
                    f"{step.table}.{step.name}",
                    step.at,
                    f"The constraint {step.name} of {step.table} is never validated.",
                    hint=f"ALTER TABLE {step.table} VALIDATE CONSTRAINT {step.name};",
                )
