"""The rule default-dropped."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.breaking.facts import Change
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("default-dropped", family="breaking", severity=Severity.WARNING)
def default_dropped(change: Change) -> Iterator[Flaw]:
    """A column has lost its default.

    Why: The old code that still runs leaves the column out, and gets NULL or an error. It breaks the old code
    while both run.

    Bad:
    ```sql before/schema.sql
    CREATE TABLE items (
        id bigint PRIMARY KEY,
        color text DEFAULT 'red'
    );
    ```
    ```sql after/schema.sql
    CREATE TABLE items (
        id bigint PRIMARY KEY,
        color text
    );
    ```

    Good:
    ```sql before/schema.sql
    CREATE TABLE items (
        id bigint PRIMARY KEY,
        color text
    );
    ```
    ```sql after/schema.sql
    CREATE TABLE items (
        id bigint PRIMARY KEY,
        color text DEFAULT 'red'
    );
    ```

    Boundary:
    ```sql before/schema.sql
    CREATE TABLE items (
        id bigint PRIMARY KEY,
        color text DEFAULT 'red'
    );
    ```
    ```sql after/schema.sql
    CREATE TABLE items (
        id bigint PRIMARY KEY,
        color text DEFAULT 'blue'
    );
    ```

    Precision: Another default is fine: the value is still there.

    Source: PostgreSQL documentation, ALTER TABLE. squawk and strong_migrations on changes in use.
    """
    yield from change.told("default-dropped")
