"""The rule column-narrowed."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.breaking.facts import Change
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("column-narrowed", family="breaking", severity=Severity.ERROR)
def column_narrowed(change: Change) -> Iterator[Flaw]:
    """A column holds less than before.

    Why: Values that are there already do not fit: the change fails, or cuts them. It breaks stored data, and the
    old code while both run.

    Bad:
    ```sql before/schema.sql
    CREATE TABLE items (
        id bigint PRIMARY KEY,
        name varchar(80)
    );
    ```
    ```sql after/schema.sql
    CREATE TABLE items (
        id bigint PRIMARY KEY,
        name varchar(40)
    );
    ```

    Good:
    ```sql before/schema.sql
    CREATE TABLE items (
        id bigint PRIMARY KEY,
        name varchar(40)
    );
    ```
    ```sql after/schema.sql
    CREATE TABLE items (
        id bigint PRIMARY KEY,
        name varchar(80)
    );
    ```

    Boundary:
    ```sql before/schema.sql
    CREATE TABLE items (
        id bigint PRIMARY KEY,
        price numeric(8, 2)
    );
    ```
    ```sql after/schema.sql
    CREATE TABLE items (
        id bigint PRIMARY KEY,
        price numeric(10, 2)
    );
    ```

    Precision: Lengths, widths and precisions of one family of types are compared; what rows really hold is not
    known.

    Source: PostgreSQL documentation, ALTER TABLE. squawk and strong_migrations on changes in use.
    """
    yield from change.told("column-narrowed")
