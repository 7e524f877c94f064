"""Rule row-too-wide."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.schema import Column, Schema

_BYTES = {"utf8mb4": 4, "utf8": 3, "utf8mb3": 3, "ucs2": 2}


@rule("row-too-wide", family="sql", severity=Severity.WARNING, dialect="mysql")
def row_too_wide(schema: Schema) -> Iterator[Flaw]:
    """A row's columns add up to more than the database can store in one row.

    Why: MySQL refuses a table whose columns can take more than 65,535 bytes
    together, and a varchar(n) in utf8mb4 counts four bytes a character. SQL Server
    takes the table and refuses the row when columns of fixed width pass 8,060
    bytes.

    Bad:
        ```sql schema.sql
        CREATE TABLE articles (
            id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
            title varchar(10000) NOT NULL,
            body varchar(10000) NOT NULL
        ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE articles (
            id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
            title varchar(200) NOT NULL,
            body text NOT NULL
        ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE articles (
            id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY,
            title varchar(8000) NOT NULL,
            body varchar(8000) NOT NULL,
            note mediumtext
        ) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
        ```

    Precision: MySQL and SQL Server. The character set is taken for utf8mb4 unless
    the table names another one; TEXT, JSON and BLOB columns lie outside the row and
    are not counted.

    Source: MySQL manual, 10.4.7 Limits on Table Column Count and Row Size;
    Microsoft Learn, Maximum capacity specifications.
    """
    for table in schema.tables:
        charset = dict(table.options).get("charset", "utf8mb4")
        wide = [(column, _width(column, schema.dialect, _BYTES.get(charset, 1))) for column in table.columns]
        limit = {"mysql": 65_535, "tsql": 8_060}.get(schema.dialect)
        total = sum(width for _, width in wide)
        if limit is not None and total > limit:
            column, width = max(wide, key=lambda each: each[1])
            yield Flaw(
                table.key,
                table.at,
                f"A row of {table.key} may take {total} bytes of {limit}; {column.name} alone takes {width}.",
                hint=f"Make {column.name} {'text' if schema.dialect == 'mysql' else 'nvarchar(max)'}, or shorter.",
            )


def _width(column: Column, dialect: str, size: int) -> int:
    """The bytes that a column may take inside the row; what is stored apart counts nothing."""
    length = column.type.length or 0
    if column.type.name == "char":
        return length * size if dialect == "mysql" else length
    if column.type.name == "varchar" and dialect == "mysql":
        return length * size
    return column.type.bits // 8
