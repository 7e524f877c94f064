"""The rule table-dropped."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.breaking.facts import Change
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("table-dropped", family="breaking", severity=Severity.ERROR)
def table_dropped(change: Change) -> Iterator[Flaw]:
    """A table is gone.

    Why: Its rows are lost, and the old code that still runs fails on every statement that names it. It breaks
    stored data, and the old code while both run.

    Bad:
    ```sql before/schema.sql
    CREATE TABLE items (
        id bigint PRIMARY KEY,
        name text
    );
    CREATE TABLE orders (id bigint PRIMARY KEY);
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
        name text
    );
    CREATE TABLE orders (id bigint PRIMARY KEY);
    ```

    Boundary:
    ```sql before/schema.sql
    CREATE TEMPORARY TABLE scratch (id bigint);
    CREATE TABLE items (
        id bigint PRIMARY KEY,
        name text
    );
    ```
    ```sql after/schema.sql
    CREATE TABLE items (
        id bigint PRIMARY KEY,
        name text
    );
    ```

    Precision: A table with another name and the same columns is offered as the new name.

    Source: PostgreSQL documentation, ALTER TABLE. squawk and strong_migrations on changes in use.
    """
    yield from change.told("table-dropped")
