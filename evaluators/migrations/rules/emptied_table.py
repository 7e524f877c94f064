"""Rule emptied-table."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.migrations.facts import Act, Migrations
from evaluators.rule import Flaw, rule
from evaluators.sql.names import singular, words

_PASSING = {"cache", "session", "tmp", "temp", "staging", "queue", "job", "token", "scratch", "import"}


@rule("emptied-table", family="migrations", severity=Severity.WARNING)
def emptied_table(migrations: Migrations) -> Iterator[Flaw]:
    """A migration deletes all rows of a table that an earlier one made.

    Why: TRUNCATE, and DELETE without WHERE, keep nothing and cannot be taken back
    by a way down. In production it is another table than on the developer's
    machine.

    Bad:
        ```sql migrations/0001_init.sql
        CREATE TABLE users (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            email text NOT NULL UNIQUE,
            nickname text,
            phone varchar(40)
        );
        ```
        ```sql migrations/0002_clean.sql
        TRUNCATE users;
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
        ```sql migrations/0002_clean.sql
        DELETE FROM users WHERE email LIKE '%@example.com';
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
        CREATE TABLE profiles (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        INSERT INTO profiles DEFAULT VALUES;
        TRUNCATE profiles;
        ```

    Precision: Tables of caches, sessions, queues and scratch data are let pass by
    name. A table that is copied elsewhere first is reported all the same.

    Source: squawk ban-truncate-cascade; strong_migrations.
    """
    for _, step in migrations.steps(Act.TRUNCATE, Act.WRITE_ROWS):
        emptied = step.act is Act.TRUNCATE or (step.name == "delete" and step.whole)
        passing = _PASSING & {singular(word) for word in words(step.table)}
        if emptied and step.settled and not passing:
            yield Flaw(
                step.table,
                step.at,
                f"All rows of {step.table} are deleted.",
                hint="Name the rows that are meant by a WHERE.",
            )
