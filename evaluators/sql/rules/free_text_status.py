"""Rule free-text-status."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.names import is_log, words
from evaluators.sql.schema import Schema

_CLOSED = {"status", "state", "role", "kind", "type", "tier", "severity", "priority"}
_OPEN = {
    "event",
    "content",
    "mime",
    "media",
    "entity",
    "resource",
    "aggregate",
    "object",
    "target",
    "subject",
    "token",
    "http",
    "response",
    "message",
    "file",
    "document",
    "device",
    "job",
    "task",
    "action",
    "error",
    "owner",
}
_ADDRESS = {"city", "zip", "zip_code", "postal_code", "postcode", "street", "country", "country_code"}


@rule("free-text-status", family="sql", severity=Severity.WARNING)
def free_text_status(schema: Schema) -> Iterator[Flaw]:
    """A status, role or kind is free text.

    Why: The code compares with a handful of words; a misspelled one is stored
    all the same and the row falls out of every query. Open sets (event types,
    media types) are left alone.

    Bad:
        ```sql schema.sql
        CREATE TABLE tickets (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            status text NOT NULL DEFAULT 'open'
        );
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE tickets (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'closed'))
        );
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE addresses (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            city text NOT NULL,
            state text NOT NULL
        );
        CREATE TABLE files (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, content_type text NOT NULL);
        ```

    Precision: By the last word of the name, with known exceptions (media types,
    event types, states of a country). A set that really is open is reported.

    Source: PostgreSQL manual, 5.5.1 Check Constraints and 8.7 Enumerated Types.
    """
    for table in schema.tables:
        places = {column.name.lower() for column in table.columns} & _ADDRESS
        for column in table.columns:
            parts = words(column.name)
            if not column.type.is_text or not parts or parts[-1] not in _CLOSED or set(parts[:-1]) & _OPEN:
                continue
            nonce = {"oauth", "auth", "login", "sso"} & set(words(table.name))
            if (parts == ("state",) and (places or nonce)) or (is_log(table) and parts[-1] in ("type", "kind")):
                continue
            if table.checks_of(column.name) or table.foreign_key_of(column.name) or column.generated:
                continue
            if column.name in table.primary_columns or (column.name,) in [key.columns for key in table.keys]:
                continue
            yield Flaw(
                f"{table.key}.{column.name}",
                column.at,
                f"{table.key}.{column.name} takes any text.",
                hint=f"Add CHECK ({column.name} IN (...)), or use an enum.",
            )
