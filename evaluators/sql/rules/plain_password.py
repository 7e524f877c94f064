"""Rule plain-password."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.rule import Flaw, rule
from evaluators.sql.names import is_secret
from evaluators.sql.schema import Schema


@rule("plain-password", family="sql", security=True)
def plain_password(schema: Schema) -> Iterator[Flaw]:
    """A column is named and typed for a password itself, not for its hash.

    Why: Whoever reads the table reads the passwords. Where a hash is meant, the
    name must say so, or the next writer stores what the user typed.

    Bad:
        ```sql schema.sql
        CREATE TABLE users (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            email text NOT NULL UNIQUE,
            password text NOT NULL
        );
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE users (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            email text NOT NULL UNIQUE,
            password_hash text NOT NULL
        );
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE users (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            hashed_password text,
            reset_password boolean,
            smtp_password text
        );
        ```

    Precision: By name. A column called password that keeps a hash is reported,
    since the name misleads the next writer; a CHECK on the hash's form ends the
    matter.

    Source: CWE-256; OWASP Password Storage Cheat Sheet; sqlcheck readable passwords.
    """
    for table in schema.tables:
        for column in table.columns:
            if not is_secret(column) or column.type.family not in ("text", "bytes"):
                continue
            if any("$" in check.expression for check in table.checks_of(column.name)):
                continue
            yield Flaw(
                f"{table.key}.{column.name}",
                column.at,
                f"{table.key}.{column.name} is a place for a password in plain text.",
                hint=f"Keep an argon2 or bcrypt hash, and name it {column.name}_hash.",
            )
