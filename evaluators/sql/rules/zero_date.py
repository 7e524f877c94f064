"""Rule zero-date."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.schema import Schema


@rule("zero-date", family="sql", severity=Severity.WARNING, dialect="mysql")
def zero_date(schema: Schema) -> Iterator[Flaw]:
    """A date's default is a day that does not exist.

    Why: '0000-00-00' stands for no date and is refused by MySQL's strict mode,
    which is the default, and by every other database. Drivers turn it into NULL, an
    error, or the year -1. NULL means no date.

    Bad:
        ```sql schema.sql
        CREATE TABLE events (
            id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
            ended_on date NOT NULL DEFAULT '0000-00-00'
        ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE events (
            id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
            ended_on date NULL
        ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE events (
            id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
            phone varchar(20) NOT NULL DEFAULT '0000-00-00'
        ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
        ```

    Precision: MySQL. Defaults are seen, rows are not; a server with NO_ZERO_DATE
    switched off takes it.

    Source: MySQL manual, 7.1.11 Server SQL Modes (NO_ZERO_DATE).
    """
    if schema.dialect != "mysql":
        return
    for table in schema.tables:
        for column in table.columns:
            dated = column.type.family in ("date", "timestamp")
            if dated and re.search(r"0000-\d\d-\d\d|\d{4}-00-|\d{4}-\d\d-00", column.default or ""):
                yield Flaw(
                    f"{table.key}.{column.name}",
                    column.at,
                    f"The default of {table.key}.{column.name} is {column.default}, which is no day.",
                    hint="Let it be NULL where there is no date.",
                )
