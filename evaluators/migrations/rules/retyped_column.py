"""Rule retyped-column."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.migrations.facts import Act, Migrations
from evaluators.rule import Flaw, rule
from evaluators.sql.types import ColumnType


@rule("retyped-column", family="migrations", severity=Severity.WARNING)
def retyped_column(migrations: Migrations) -> Iterator[Flaw]:
    """A column's type is changed in a way that rewrites the table or loses values.

    Why: Every row is written anew under an exclusive lock, its indexes too, and the
    code that runs meanwhile reads one type and expects the other. A narrower type
    refuses or cuts what does not fit.

    Bad:
        ```sql migrations/0001_init.sql
        CREATE TABLE users (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            email text NOT NULL UNIQUE,
            nickname text,
            phone varchar(40)
        );
        ```
        ```sql migrations/0002_shorter_phone.sql
        ALTER TABLE users ALTER COLUMN phone TYPE varchar(10);
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
        ```sql migrations/0002_longer_phone.sql
        ALTER TABLE users ALTER COLUMN phone TYPE varchar(80);
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
        ```sql migrations/0002_text_phone.sql
        ALTER TABLE users ALTER COLUMN phone TYPE text;
        ```
        ```sql migrations/0003_profiles.sql
        CREATE TABLE profiles (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, rank integer);
        ALTER TABLE profiles ALTER COLUMN rank TYPE bigint;
        ```

    Precision: Changes that only lift a limit are fine: a longer or unlimited
    varchar, more digits of the same scale. Where no migration tells the former
    type, nothing is said. Only the last five migrations of a history. MySQL and SQL
    Server rewrite in more cases than are told here.

    Source: squawk changing-column-type; strong_migrations.
    """
    for migration, step in migrations.steps(Act.RETYPE_COLUMN):
        before = step.before.column(step.name) if step.before is not None else None
        if before is None or step.type is None or not step.settled or not migration.recent:
            continue
        if not _harmless(before.type, step.type, migrations.dialect):
            yield Flaw(
                f"{step.table}.{step.name}",
                step.at,
                f"{step.table}.{step.name} changes from {before.type} to {step.type}, which rewrites the table.",
                hint="Add a new column, fill it in batches, switch the code over, then drop the old one.",
            )


def _harmless(old: ColumnType, new: ColumnType, dialect: str) -> bool:
    """Whether only a limit is lifted, so that no row is touched."""
    if "other" in (old.family, new.family) or old == new:
        return True
    if old.array != new.array or old.family != new.family:
        return False
    if old.family == "text":
        wide = new.length is None or (old.length is not None and new.length >= old.length)
        return wide and "char" not in (old.name, new.name)
    if old.family == "decimal" and (old.scale or 0) == (new.scale or 0):
        return new.precision is None or (old.precision or 0) <= new.precision
    if old.family == "enum":
        return set(old.values) <= set(new.values)
    return old.name == new.name and dialect != "postgres" and old.bits == new.bits
