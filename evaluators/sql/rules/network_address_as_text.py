"""Rule network-address-as-text."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.names import words
from evaluators.sql.schema import Schema


@rule("network-address-as-text", family="sql", severity=Severity.INFO, strict=True)
def network_address_as_text(schema: Schema) -> Iterator[Flaw]:
    """An IP address is kept as text.

    Why: ::1 and 0:0:0:0:0:0:0:1 are two texts and one address, no network contains
    a text, and 'unknown' is stored too. inet checks, compares and indexes.

    Bad:
        ```sql schema.sql
        CREATE TABLE logins (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            ip_address text NOT NULL
        );
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE logins (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            ip_address inet NOT NULL
        );
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE logins (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            ip_hash text NOT NULL,
            ip_country text NOT NULL
        );
        ```

    Precision: By name (ip, ip_address, client_ip, ...), in PostgreSQL only, the one
    dialect with a type for it. A column that keeps a forwarded list of addresses is
    wrongly reported.

    Source: PostgreSQL manual, 8.9 Network Address Types.
    """
    if schema.dialect != "postgres":
        return
    for table in schema.tables:
        for column in table.columns:
            parts = words(column.name)
            named = parts[-1:] in (("ip",), ("ipv4",), ("ipv6",)) or parts[-2:] == ("ip", "address")
            if column.type.is_text and named and not table.checks_of(column.name):
                yield Flaw(
                    f"{table.key}.{column.name}",
                    column.at,
                    f"{table.key}.{column.name} holds an IP address as {column.type}.",
                    hint="Use inet.",
                )
