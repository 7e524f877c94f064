"""Rule validating-constraint."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.migrations.facts import Act, Migrations
from evaluators.rule import Flaw, rule


@rule("validating-constraint", family="migrations", severity=Severity.WARNING, strict=True)
def validating_constraint(migrations: Migrations) -> Iterator[Flaw]:
    """A constraint is checked over all rows while the table is locked.

    Why: ADD FOREIGN KEY and ADD CHECK read the whole table under a lock that keeps
    writers out (of both tables, for a foreign key). NOT VALID takes the lock for a
    moment, and VALIDATE CONSTRAINT later reads without it.

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
        ALTER TABLE users ADD CONSTRAINT email_form CHECK (email LIKE '%@%');
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
        ```sql migrations/0002_profiles.sql
        CREATE TABLE profiles (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, user_id bigint NOT NULL);
        ALTER TABLE profiles ADD CONSTRAINT profiles_user_fk FOREIGN KEY (user_id) REFERENCES users (id);
        ```

    Precision: PostgreSQL, on tables that an earlier migration made; a new, empty
    column's own foreign key is fine. On small tables it does not matter, so this is
    kept for the preset strict. Said once for a migration.

    Source: squawk constraint-missing-not-valid, adding-foreign-key-constraint;
    strong_migrations.
    """
    if migrations.dialect != "postgres":
        return
    for migration in migrations.all:
        slow = [
            step
            for step in migration.up
            if step.act in (Act.ADD_FOREIGN_KEY, Act.ADD_CHECK) and step.settled and step.valid and step.column is None
        ]
        if slow and migration.recent:
            first = slow[0]
            yield Flaw(
                f"{first.table}.{first.name or ', '.join(first.columns)}",
                first.at,
                f"All rows of {', '.join(sorted({s.table for s in slow}))} are checked while it is locked.",
                hint="Add the constraint NOT VALID, and VALIDATE CONSTRAINT in the next migration.",
                places=tuple(step.at for step in slow[1:]),
            )
