"""Rule mixed-name-case."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.schema import Schema


@rule("mixed-name-case", family="sql", severity=Severity.INFO, strict=True, dialect="mysql")
def mixed_name_case(schema: Schema) -> Iterator[Flaw]:
    """Names of tables or columns are written in two ways.

    Why: `createdAt` here and `created_at` there: nobody remembers which, and each
    mapping needs an exception. Said once for the schema.

    Bad:
        ```sql schema.sql
        CREATE TABLE orders (
            id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
            placed_by varchar(40) NOT NULL,
            sent_to varchar(40) NOT NULL,
            paidBy varchar(40) NOT NULL
        ) ENGINE=InnoDB;
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE orders (
            id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
            placed_by varchar(40) NOT NULL,
            sent_to varchar(40) NOT NULL,
            paid_by varchar(40) NOT NULL
        ) ENGINE=InnoDB;
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE Orders (
            Id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
            PlacedBy varchar(40) NOT NULL,
            SentTo varchar(40) NOT NULL,
            URL varchar(200) NOT NULL
        ) ENGINE=InnoDB;
        ```

    Precision: Names of one word say nothing and are not counted. PostgreSQL folds
    what is not quoted, and quoted mixed case has a rule of its own there.

    Source: SchemaCrawler, inconsistent names; sqlfluff CP02.
    """
    if schema.dialect == "postgres":
        return
    names = [(column.name, column.at) for table in schema.tables for column in table.columns]
    names += [(table.name, table.at) for table in schema.tables]
    snake = [each for each in names if re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)+", each[0])]
    camel = [
        each for each in names if re.fullmatch(r"[a-z]+([A-Z][a-z0-9]*)+|[A-Z][a-z0-9]+([A-Z][a-z0-9]*)+", each[0])
    ]
    fewer, many = (camel, snake) if len(camel) <= len(snake) else (snake, camel)
    if fewer and len(fewer) * 4 <= len(many) * 2:
        odd = ", ".join(dict.fromkeys(name for name, _ in fewer))
        yield Flaw(
            fewer[0][1].path,
            fewer[0][1],
            f"{len(many)} names are written like {many[0][0]}, these are not: {odd}.",
            hint="Rename the few.",
            places=tuple(at for _, at in fewer[1:]),
        )
