"""The rule constraint-added."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.breaking.facts import Change
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("constraint-added", family="breaking", severity=Severity.WARNING)
def constraint_added(change: Change) -> Iterator[Flaw]:
    """Rows must keep to something that they did not have to before.

    Why: Rows that are there may break it, and the old code that still runs does not know it. It breaks stored
    data, and the old code while both run.

    Bad:
    ```sql before/schema.sql
    CREATE TABLE items (
        id bigint PRIMARY KEY,
        name text
    );
    ```
    ```sql after/schema.sql
    CREATE TABLE items (
        id bigint PRIMARY KEY,
        name text UNIQUE
    );
    ```

    Good:
    ```sql before/schema.sql
    CREATE TABLE items (
        id bigint PRIMARY KEY,
        name text UNIQUE
    );
    ```
    ```sql after/schema.sql
    CREATE TABLE items (
        id bigint PRIMARY KEY,
        name text
    );
    ```

    Boundary:
    ```sql before/schema.sql
    CREATE TABLE items (
        id bigint PRIMARY KEY,
        name text
    );
    ```
    ```sql after/schema.sql
    CREATE TABLE items (
        id bigint PRIMARY KEY,
        name text,
        color text UNIQUE
    );
    ```

    Precision: Unique keys, CHECKs and foreign keys over columns that were there; those of new columns and new
    tables are fine. Expressions are compared as texts.

    Source: PostgreSQL documentation, ALTER TABLE. squawk and strong_migrations on changes in use.
    """
    yield from change.told("constraint-added")
