"""Rule ignored-create."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.draft import Artifact, Role
from evaluators.finding import Severity
from evaluators.migrations.facts import Act, Migrations
from evaluators.rule import Flaw, rule
from evaluators.sql.reading import read


@rule("ignored-create", family="migrations", severity=Severity.WARNING)
def ignored_create(migrations: Migrations) -> Iterator[Flaw]:
    """IF NOT EXISTS skips a table that an earlier migration made in another form.

    Why: The statement does nothing, its new columns never come to be, and the
    migration counts as done. On an empty database built by another path it does
    something else: the two drift apart.

    Bad:
        ```sql migrations/0001_init.sql
        CREATE TABLE users (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            email text NOT NULL UNIQUE,
            nickname text,
            phone varchar(40)
        );
        ```
        ```sql migrations/0002_users_again.sql
        CREATE TABLE IF NOT EXISTS users (id bigint PRIMARY KEY, email text NOT NULL, country text);
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
        ```sql migrations/0002_users_again.sql
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
        ```sql migrations/0002_profiles.sql
        CREATE TABLE IF NOT EXISTS profiles (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        ```

    Precision: Judged where an earlier statement makes the table and the new one
    names a column that it has not.

    Source: squawk prefer-robust-stmts discusses the opposite; Rails guide,
    if_not_exists.
    """
    for _, step in migrations.steps(Act.CREATE_TABLE):
        if step.before is None or not step.guarded or step.before.opaque:
            continue
        held = {column.name.lower() for column in step.before.columns}
        probe = read([Artifact(step.at.path, step.statement.text, Role.MIGRATION)], migrations.dialect)
        new = [column.name for table in probe.tables for column in table.columns if column.name.lower() not in held]
        if new:
            yield Flaw(
                step.table,
                step.at,
                f"{step.table} is there already, so its columns {', '.join(new)} are never added.",
                hint="ALTER TABLE ... ADD COLUMN.",
            )
