"""The rule column-type-changed."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.breaking.facts import Change
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("column-type-changed", family="breaking", severity=Severity.WARNING)
def column_type_changed(change: Change) -> Iterator[Flaw]:
    """A column has another kind of type.

    Why: The table is written anew under a lock, and the old code reads what it does not expect. It breaks the old
    code while both run.

    Bad:
    ```sql before/schema.sql
    CREATE TABLE items (
        id bigint PRIMARY KEY,
        total integer
    );
    ```
    ```sql after/schema.sql
    CREATE TABLE items (
        id bigint PRIMARY KEY,
        total text
    );
    ```

    Good:
    ```sql before/schema.sql
    CREATE TABLE items (
        id bigint PRIMARY KEY,
        total integer
    );
    ```
    ```sql after/schema.sql
    CREATE TABLE items (
        id bigint PRIMARY KEY,
        total bigint
    );
    ```

    Boundary:
    ```sql before/schema.sql
    CREATE TABLE items (
        id bigint PRIMARY KEY,
        name varchar(80)
    );
    ```
    ```sql after/schema.sql
    CREATE TABLE items (
        id bigint PRIMARY KEY,
        name text
    );
    ```

    Precision: Types of one family (varchar and text, integer and bigint) are one kind; a time zone that comes or
    goes is another kind.

    Source: PostgreSQL documentation, ALTER TABLE. squawk and strong_migrations on changes in use.
    """
    yield from change.told("column-type-changed")
