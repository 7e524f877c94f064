"""Rule overpowered-role."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.schema import Schema

_ROLE = re.compile(r"(?:create|alter)\s+(?:role|user)\s+[\"`']?(\w+)", re.IGNORECASE)
_ALL = re.compile(r"grant\s+all\s+(?:privileges\s+)?on\s+\*\.\*\s+to\s+[\"`']?(\w+)", re.IGNORECASE)
_SERVER = re.compile(r"alter\s+server\s+role\s+\[?sysadmin\]?\s+add\s+member\s+\[?(\w+)", re.IGNORECASE)


@rule("overpowered-role", family="sql", severity=Severity.WARNING, security=True)
def overpowered_role(schema: Schema) -> Iterator[Flaw]:
    """A role gets every right on the server.

    Why: A superuser, or a role that bypasses row-level security, is held by no
    policy and no grant, and one SQL injection reads and writes all databases. A
    service needs rights on its own tables.

    Bad:
        ```sql schema.sql
        CREATE ROLE app LOGIN SUPERUSER;
        ```

    Good:
        ```sql schema.sql
        CREATE ROLE app LOGIN NOSUPERUSER;
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE roles (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            superuser boolean NOT NULL DEFAULT false
        );
        CREATE ROLE reporting NOLOGIN;
        ```

    Precision: The words in CREATE and ALTER of a role or user, MySQL's GRANT ALL ON
    *.*, and SQL Server's sysadmin. What a role inherits is not followed.

    Source: PostgreSQL manual, 21.2 Role Attributes; CWE-250.
    """
    for statement in schema.statements:
        found = _ROLE.match(statement.text)
        strong = re.search(r"\b(superuser|bypassrls)\b", statement.text, re.IGNORECASE) if found else None
        whole = _ALL.match(statement.text) or _SERVER.match(statement.text)
        if strong is None and whole is None:
            continue
        name = (found or whole)[1] if (found or whole) else ""  # type: ignore[index]
        right = strong.group().upper() if strong else "all rights on all databases"
        yield Flaw(
            name,
            statement.at(strong.start() if strong else 0),
            f"The role {name} gets {right}.",
            hint="Grant what it needs on its own schema.",
        )
