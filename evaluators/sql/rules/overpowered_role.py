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
    """A role gets every right on the server, or on one table where others are counted out to it.

    Why: A superuser, or a role that bypasses row-level security, is held by no
    policy and no grant, and one SQL injection reads and writes all databases. A
    service needs rights on its own tables, and no right to drop them. Where a schema
    names the rights on each table, ALL on one of them is a slip.

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
        GRANT ALL ON roles TO app;
        ```

    Precision: The words in CREATE and ALTER of a role or user, MySQL's GRANT ALL ON
    *.*, and SQL Server's sysadmin; ALL on a table where the same role gets named
    rights in three grants or more for each of ALL. What a role inherits is not followed.

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
    yield from _unlike_others(schema)


def _unlike_others(schema: Schema) -> Iterator[Flaw]:
    """A flaw for each GRANT ALL on a table to a role whose other grants name their rights."""
    for role in sorted({role for grant in schema.grants for role in grant.roles} - {"public", "anon"}):
        own = [grant for grant in schema.grants if role in grant.roles and any(map(schema.table, grant.objects))]
        whole = [grant for grant in own if grant.privileges == ("all",)]
        if len(own) - len(whole) < 3 * max(len(whole), 1):
            continue
        for grant in whole:
            named = ", ".join(grant.objects)
            yield Flaw(
                f"{named} to {role}",
                grant.at,
                f"The role {role} gets all rights on {named}, and named rights on other tables.",
                hint="Name the rights that it needs.",
            )
