"""The rule column-dropped."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.breaking.facts import Change
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("column-dropped", family="breaking", severity=Severity.ERROR)
def column_dropped(change: Change) -> Iterator[Flaw]:
    """A column is gone.

    Why: Its values are lost, and the old code that still runs fails on every statement that names it. It breaks
    stored data, and the old code while both run.

    Bad:
    ```sql before/schema.sql
    CREATE TABLE items (
        id bigint PRIMARY KEY,
        name text,
        color text
    );
    ```
    ```sql after/schema.sql
    CREATE TABLE items (
        id bigint PRIMARY KEY,
        name text
    );
    ```

    Good:
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
        color text
    );
    ```

    Boundary:
    ```sql before/schema.sql
    CREATE TABLE items (
        id bigint PRIMARY KEY,
        name text,
        color text
    );
    ```
    ```sql after/schema.sql
    CREATE TABLE items (
        id bigint PRIMARY KEY,
        color text,
        name text
    );
    ```

    Precision: A column of the same type at the same place is taken for a renamed one; see column-renamed. Whether
    code still names it is not looked up.

    Source: PostgreSQL documentation, ALTER TABLE. squawk and strong_migrations on changes in use.
    """
    yield from change.told("column-dropped")
