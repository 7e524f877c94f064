"""Rule three-byte-charset."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.schema import Schema


@rule("three-byte-charset", family="sql", severity=Severity.WARNING, dialect="mysql")
def three_byte_charset(schema: Schema) -> Iterator[Flaw]:
    """A MySQL table uses utf8, which is UTF-8 of three bytes at most.

    Why: An emoji or a rare name is refused or cut. utf8mb4 is UTF-8.

    Bad:
        ```sql schema.sql
        CREATE TABLE notes (
            id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
            body text NOT NULL
        ) ENGINE=InnoDB DEFAULT CHARSET=utf8;
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE notes (
            id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
            body text NOT NULL
        ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE notes (id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY, body text NOT NULL) ENGINE=InnoDB
        DEFAULT CHARSET=latin1;
        ```

    Precision: The table's own character set; one that is set for a column or the
    database is not seen.

    Source: MySQL manual, 12.9.2 The utf8mb3 Character Set.
    """
    if schema.dialect != "mysql":
        return
    for table in schema.tables:
        if dict(table.options).get("charset") in ("utf8", "utf8mb3"):
            yield Flaw(table.key, table.at, f"{table.key} cannot hold all of Unicode.", hint="Use utf8mb4.")
