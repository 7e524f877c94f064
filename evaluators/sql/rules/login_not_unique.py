"""Rule login-not-unique."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.rule import Flaw, rule
from evaluators.sql.names import holds_credentials, words
from evaluators.sql.schema import Schema, Table

_LOGINS = {"email", "username", "login", "handle", "user_name", "email_address", "phone_number"}


@rule("login-not-unique", family="sql", security=True)
def login_not_unique(schema: Schema) -> Iterator[Flaw]:
    """The name that people log in by is not unique.

    Why: A check in code before the insert does not hold when two registrations
    come at once. Two people then share a login, and which of them gets in is
    left to chance. A unique index over `lower(email)` counts, and so does one
    together with the tenant.

    Bad:
        ```sql schema.sql
        CREATE TABLE users (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            email text NOT NULL,
            password_hash text NOT NULL
        );
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE users (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            email text NOT NULL,
            password_hash text NOT NULL
        );
        CREATE UNIQUE INDEX users_email_key ON users (lower(email));
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE users (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            org_id bigint NOT NULL,
            email text NOT NULL,
            password_hash text NOT NULL,
            UNIQUE (org_id, email)
        );
        ```

    Precision: Only tables that keep a password or its hash are judged. Unique
    together with anything counts.

    Source: CWE-837; database_consistency MissingUniqueIndexChecker.
    """
    for table in schema.tables:
        if not holds_credentials(table):
            continue
        logins = [column for column in table.columns if "_".join(words(column.name)) in _LOGINS and column.type.is_text]
        if not logins or any(_unique(table, column.name) for column in logins):
            continue
        column = logins[0]
        yield Flaw(
            f"{table.key}.{column.name}",
            column.at,
            f"People log in by {table.key}.{column.name}, and it is not unique.",
            hint=f"Add UNIQUE, or a unique index on lower({column.name}).",
        )


def _unique(table: Table, name: str) -> bool:
    """Whether the column takes part in anything unique, expressions and partial indexes included."""
    lists = [key.columns for key in table.keys] + [index.columns for index in table.indexes if index.unique]
    return any(re.search(rf"\b{re.escape(name)}\b", column) for columns in lists for column in columns)
