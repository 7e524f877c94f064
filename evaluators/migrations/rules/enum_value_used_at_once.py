"""Rule enum-value-used-at-once."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.migrations.facts import Act, Migrations, Step
from evaluators.rule import Flaw, rule


@rule("enum-value-used-at-once", family="migrations", severity=Severity.WARNING)
def enum_value_used_at_once(migrations: Migrations) -> Iterator[Flaw]:
    """A value is added to an enumerated type and used in the same transaction.

    Why: PostgreSQL adds the value, and refuses its use until the transaction has
    ended: unsafe use of new value.

    Bad:
        ```sql migrations/0001_init.sql
        CREATE TYPE mood AS ENUM ('good', 'bad');
        CREATE TABLE days (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, mood mood NOT NULL);
        ```
        ```sql migrations/0002_mood.sql
        BEGIN;
        ALTER TYPE mood ADD VALUE 'odd';
        UPDATE days SET mood = 'odd' WHERE mood = 'bad';
        COMMIT;
        ```

    Good:
        ```sql migrations/0001_init.sql
        CREATE TYPE mood AS ENUM ('good', 'bad');
        CREATE TABLE days (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, mood mood NOT NULL);
        ```
        ```sql migrations/0002_mood.sql
        ALTER TYPE mood ADD VALUE 'odd';
        ```
        ```sql migrations/0003_mood.sql
        UPDATE days SET mood = 'odd' WHERE mood = 'bad';
        ```

    Boundary:
        ```sql migrations/0001_init.sql
        CREATE TYPE mood AS ENUM ('good', 'bad');
        CREATE TABLE days (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, mood mood NOT NULL);
        ```
        ```sql migrations/0002_mood.sql
        BEGIN;
        ALTER TYPE mood ADD VALUE 'odd';
        UPDATE days SET mood = 'good' WHERE mood = 'bad';
        COMMIT;
        ```

    Precision: PostgreSQL. By the value's text in a later statement of the
    migration; where the same text means something else, it is wrongly reported.

    Source: PostgreSQL manual, ALTER TYPE, notes.
    """
    for migration in migrations.all:
        added: dict[str, Step] = {}
        for step in migration.up:
            if step.act is Act.ADD_ENUM_VALUE and step.transaction:
                added[step.to] = step
                continue
            for value, first in added.items():
                uses = step.act in (Act.WRITE_ROWS, Act.ADD_CHECK, Act.CREATE_INDEX, Act.ADD_COLUMN)
                if uses and f"'{value}'" in step.statement.text:
                    yield Flaw(
                        f"{first.name}.{value}",
                        step.at,
                        f"The value '{value}' of {first.name} is used in the transaction that adds it.",
                        hint="Add the value in a migration of its own.",
                        places=(first.at,),
                    )
                    added = {}
                    break
