"""Rule renamed-in-use."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.migrations.facts import Act, Migrations
from evaluators.rule import Flaw, rule


@rule("renamed-in-use", family="migrations", severity=Severity.INFO)
def renamed_in_use(migrations: Migrations) -> Iterator[Flaw]:
    """A table or column that the running code uses gets another name.

    Why: Between the migration and the last old process, one of them asks for a name
    that is not there. Renaming without an outage takes a view or a second column
    for the time between.

    Bad:
        ```sql migrations/0001_init.sql
        CREATE TABLE users (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            email text NOT NULL UNIQUE,
            nickname text,
            phone varchar(40)
        );
        ```
        ```sql migrations/0002_rename_phone.sql
        ALTER TABLE users RENAME COLUMN phone TO phone_number;
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
        ```sql migrations/0002_add_phone_number.sql
        ALTER TABLE users ADD COLUMN phone_number text;
        UPDATE users SET phone_number = phone WHERE phone_number IS NULL;
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
        ```sql migrations/0002_swap.sql
        ALTER TABLE users RENAME TO accounts;
        CREATE VIEW users AS SELECT * FROM accounts;
        ```
        ```sql migrations/0003_profiles.sql
        CREATE TABLE profile (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        ALTER TABLE profile RENAME TO profiles;
        ```

    Precision: A view of the old name in the same migration counts as the bridge. A
    deployment that stops the service first is safe and reported all the same. Only
    the last five migrations of a history.

    Source: squawk renaming-column, renaming-table; strong_migrations.
    """
    for migration, step in migrations.steps(Act.RENAME_COLUMN, Act.RENAME_TABLE):
        if not step.settled or not migration.recent or step.before is None:
            continue
        view = re.compile(rf"create\s+(or\s+replace\s+)?view\s+\W?{re.escape(step.before.name)}\b", re.IGNORECASE)
        bridge = any(view.match(each.statement.text) for each in migration.up)
        column = step.act is Act.RENAME_COLUMN
        same = [each for each in migration.earlier(step) if each.table == step.table and each.name == step.name]
        made = any(each.act is Act.ADD_COLUMN for each in same)
        if not bridge and not made:
            old = f"{step.table}.{step.name}" if column else step.table
            yield Flaw(
                old,
                step.at,
                f"{old} is renamed to {step.to} while the code in use asks for the old name.",
                hint="Keep both for a while: a view for a table, a second column for a column.",
            )
