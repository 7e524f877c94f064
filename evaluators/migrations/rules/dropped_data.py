"""Rule dropped-data."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.migrations.facts import Act, History, Migration, Migrations, Step
from evaluators.rule import Flaw, rule


@rule("dropped-data", family="migrations", severity=Severity.WARNING)
def dropped_data(migrations: Migrations) -> Iterator[Flaw]:
    """A migration drops a column or a table with its data.

    Why: No way down brings the values back. Old processes that still run fail at
    the next query. Stop using it in one release, keep a copy, and drop it in a
    later one.

    Bad:
        ```sql migrations/0001_init.sql
        CREATE TABLE users (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            email text NOT NULL UNIQUE,
            nickname text,
            phone varchar(40)
        );
        ```
        ```sql migrations/0002_drop_phone.sql
        ALTER TABLE users DROP COLUMN phone;
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
        ```sql migrations/0002_move_phone.sql
        CREATE TABLE phones (user_id bigint PRIMARY KEY REFERENCES users (id), phone text NOT NULL);
        INSERT INTO phones (user_id, phone) SELECT id, phone FROM users WHERE phone IS NOT NULL;
        ALTER TABLE users DROP COLUMN phone;
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
        ```sql migrations/0002_scratch.sql
        CREATE TABLE scratch (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        DROP TABLE scratch;
        DROP INDEX IF EXISTS users_nickname_idx;
        ALTER TABLE users DROP CONSTRAINT users_email_key;
        ```

    Precision: Data that a statement of this or an earlier migration copied
    elsewhere is taken for moved. A column that was meant to go is reported too:
    look at it once, then say so. Only the last five migrations of a history: older
    ones have run.

    Source: squawk ban-drop-column, ban-drop-table, ban-drop-database;
    strong_migrations.
    """
    for history in migrations.histories:
        for migration in history.migrations:
            for step in migration.up if migration.recent else ():
                gone = _gone(step)
                if gone and not _moved(step, history, migration):
                    yield Flaw(
                        gone,
                        step.at,
                        f"{gone} is dropped with what it holds.",
                        hint="Stop using it first, keep a copy of what is wanted, and drop it in a later release.",
                    )


def _gone(step: Step) -> str:
    """What a step drops with data in it; empty where it drops none."""
    if step.act is Act.DROP_OTHER:
        return step.name if step.name.startswith(("database", "schema")) else ""
    if step.act is Act.DROP_TABLE and step.settled:
        return step.table if step.before is not None or not step.guarded else ""
    if step.act is Act.DROP_COLUMN and step.settled and step.name:
        known = step.before.column(step.name) if step.before is not None else None
        return "" if known is not None and known.generated else f"{step.table}.{step.name}"
    return ""


def _moved(step: Step, history: History, migration: Migration) -> bool:
    """Whether a statement before copied the data: it writes rows and names what is dropped."""
    names = [step.name.split(".")[-1]] if step.act is Act.DROP_COLUMN else [step.table.split(".")[-1]]
    earlier = [s for each in history.until(migration) for s in each.up]
    earlier.extend(migration.earlier(step))
    words = ("insert", "update", "merge")
    writes = [s.statement.text for s in earlier if s.act is Act.WRITE_ROWS and s.name in words]
    made = [s.statement.text for s in earlier if s.act is Act.CREATE_TABLE]
    texts = [text for text in (*writes, *made) if re.search(r"\bselect\b|\bset\b", text, re.IGNORECASE)]
    # What is written to comes first; what is read from, after the first of these.
    read = [text[found.end() :] for text in texts if (found := re.search(r"=|\bselect\b", text, re.IGNORECASE))]
    return any(re.search(rf"\b{re.escape(name)}\b", text, re.IGNORECASE) for name in names for text in read)
