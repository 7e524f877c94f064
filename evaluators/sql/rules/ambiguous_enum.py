"""Rule ambiguous-enum."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.schema import Schema


@rule("ambiguous-enum", family="sql", severity=Severity.WARNING, dialect="mysql")
def ambiguous_enum(schema: Schema) -> Iterator[Flaw]:
    """A MySQL ENUM has an empty value, or values that look like numbers.

    Why: A number is taken for the place in the list: with ENUM('0', '1', '2'),
    writing 1 stores '0'. The empty text is also what MySQL stores for a wrong value
    outside strict mode, so that nobody can tell them apart.

    Bad:
        ```sql schema.sql
        CREATE TABLE votes (
            id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
            mark enum('0', '1', '2') NOT NULL
        ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE votes (
            id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
            mark tinyint unsigned NOT NULL
        ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE votes (
            id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
            mark enum('v1', 'v2', '2x') NOT NULL
        ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
        ```

    Precision: MySQL. Values that only begin with a digit are fine.

    Source: MySQL manual, 13.3.5 The ENUM Type (enumeration literals).
    """
    if schema.dialect != "mysql":
        return
    for table in schema.tables:
        for column in table.columns:
            values = column.type.values if column.type.family == "enum" else ()
            odd = [value for value in values if not value or re.fullmatch(r"-?\d+", value)]
            if odd:
                said = ", ".join(f"'{value}'" for value in odd)
                yield Flaw(
                    f"{table.key}.{column.name}",
                    column.at,
                    f"The values {said} of {table.key}.{column.name} are mistaken for places in its list.",
                    hint="Use words as values, or a number type.",
                )
