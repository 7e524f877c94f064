"""The rule required-column-added."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.breaking.facts import Change
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("required-column-added", family="breaking", severity=Severity.ERROR)
def required_column_added(change: Change) -> Iterator[Flaw]:
    """A new column must be filled and has no default.

    Why: Rows that are there have no value for it, and the old code that still runs does not send one. It breaks
    stored data, and the old code while both run.

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
        name text,
        color text NOT NULL
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
        name text
    );
    ```
    ```sql after/schema.sql
    CREATE TABLE items (
        id bigint PRIMARY KEY,
        name text,
        seq bigint GENERATED ALWAYS AS IDENTITY
    );
    ```

    Precision: A default, an identity or a generated value is enough. A new table is no change of an old one.

    Source: PostgreSQL documentation, ALTER TABLE. squawk and strong_migrations on changes in use.
    """
    yield from change.told("required-column-added")
