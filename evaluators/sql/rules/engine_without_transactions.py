"""Rule engine-without-transactions."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.schema import Schema


@rule("engine-without-transactions", family="sql", severity=Severity.WARNING, dialect="mysql")
def engine_without_transactions(schema: Schema) -> Iterator[Flaw]:
    """A MySQL table has an engine without transactions and foreign keys.

    Why: MyISAM, MEMORY, CSV and ARCHIVE read a FOREIGN KEY and forget it, do not
    roll back, and lock the whole table for a write. A crash leaves half of a
    change.

    Bad:
        ```sql schema.sql
        CREATE TABLE notes (
            id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
            body text NOT NULL
        ) ENGINE=MyISAM DEFAULT CHARSET=utf8mb4;
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
        CREATE TABLE notes (
            id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
            body text NOT NULL
        );
        ```

    Precision: Only what is written: without ENGINE the server's default holds,
    InnoDB unless somebody changed it.

    Source: MySQL manual, 18 Alternative Storage Engines.
    """
    if schema.dialect != "mysql":
        return
    for table in schema.tables:
        engine = dict(table.options).get("engine", "")
        if engine in ("myisam", "memory", "csv", "archive", "blackhole", "merge", "aria"):
            yield Flaw(
                table.key,
                table.at,
                f"The engine of {table.key} is {engine}, which has neither transactions nor foreign keys.",
                hint="Use ENGINE=InnoDB.",
            )
