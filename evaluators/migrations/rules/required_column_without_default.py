"""Rule required-column-without-default."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.migrations.facts import Act, Migrations
from evaluators.rule import Flaw, rule


@rule("required-column-without-default", family="migrations", severity=Severity.WARNING)
def required_column_without_default(migrations: Migrations) -> Iterator[Flaw]:
    """A NOT NULL column without a default is added to a table that may have rows.

    Why: There is no value for the rows that are there: PostgreSQL, SQL Server and
    SQLite refuse the statement as soon as there is one, so it works on the
    developer's empty database and fails at the deployment. MySQL fills them with an
    empty text or zero, silently.

    Bad:
        ```sql migrations/0001_init.sql
        CREATE TABLE users (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            email text NOT NULL UNIQUE,
            nickname text,
            phone varchar(40)
        );
        ```
        ```sql migrations/0002_add_country.sql
        ALTER TABLE users ADD COLUMN country text NOT NULL;
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
        ```sql migrations/0002_add_country.sql
        ALTER TABLE users ADD COLUMN country text NOT NULL DEFAULT 'unknown';
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
        ALTER TABLE profiles ADD COLUMN bio text NOT NULL;
        ALTER TABLE profiles ADD COLUMN rank integer NOT NULL GENERATED ALWAYS AS IDENTITY;
        ```

    Precision: A table that the same migration makes is empty and let pass. Whether
    an older table has rows nobody can read from files; one that never has is
    reported.

    Source: squawk adding-required-field; strong_migrations.
    """
    for migration, step in migrations.steps(Act.ADD_COLUMN):
        column = step.column
        if (
            column is None
            or not step.settled
            or column.nullable
            or column.default
            or column.identity
            or column.generated
        ):
            continue
        emptied = any(each.table == step.table and each.act is Act.TRUNCATE for each in migration.earlier(step))
        if not emptied:
            yield Flaw(
                f"{step.table}.{column.name}",
                column.at,
                f"{step.table} gets the column {column.name}, NOT NULL and without a default, and may have rows.",
                hint="Add it with a default, or nullable, fill it, then SET NOT NULL.",
            )
