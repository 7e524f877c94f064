"""The rule enum-value-dropped."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.breaking.facts import Change
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("enum-value-dropped", family="breaking", severity=Severity.ERROR)
def enum_value_dropped(change: Change) -> Iterator[Flaw]:
    """A type has lost a value.

    Why: Rows that hold it cannot be kept, and the old code that still runs writes it. It breaks stored data, and
    the old code while both run.

    Bad:
    ```sql before/schema.sql
    CREATE TYPE size AS ENUM ('s', 'm', 'l');
    CREATE TABLE items (
        id bigint PRIMARY KEY,
        size size
    );
    ```
    ```sql after/schema.sql
    CREATE TYPE size AS ENUM ('s', 'm');
    CREATE TABLE items (
        id bigint PRIMARY KEY,
        size size
    );
    ```

    Good:
    ```sql before/schema.sql
    CREATE TYPE size AS ENUM ('s', 'm');
    CREATE TABLE items (
        id bigint PRIMARY KEY,
        size size
    );
    ```
    ```sql after/schema.sql
    CREATE TYPE size AS ENUM ('s', 'm', 'l');
    CREATE TABLE items (
        id bigint PRIMARY KEY,
        size size
    );
    ```

    Boundary:
    ```sql before/schema.sql
    CREATE TYPE size AS ENUM ('s', 'm');
    CREATE TABLE items (
        id bigint PRIMARY KEY,
        size size
    );
    ```
    ```sql after/schema.sql
    CREATE TYPE size AS ENUM ('m', 's');
    CREATE TABLE items (
        id bigint PRIMARY KEY,
        size size
    );
    ```

    Precision: Enumerated types of the database are meant; a list in a CHECK is told by constraint-added.

    Source: PostgreSQL documentation, ALTER TABLE. squawk and strong_migrations on changes in use.
    """
    yield from change.told("enum-value-dropped")
