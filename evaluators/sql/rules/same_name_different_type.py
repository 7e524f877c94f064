"""Rule same-name-different-type."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.names import is_log, words
from evaluators.sql.schema import Column, Schema, Table

_LOOSE = {
    "id",
    "value",
    "name",
    "data",
    "code",
    "version",
    "key",
    "number",
    "position",
    "result",
    "payload",
    "type",
    "status",
    "total",
    "count",
    "level",
    "size",
    "reference",
    "metadata",
    "state",
    "priority",
}


@rule("same-name-different-type", family="sql", severity=Severity.INFO)
def same_name_different_type(schema: Schema) -> Iterator[Flaw]:
    """Columns of one name have types of different kinds in different tables.

    Why: Whoever writes a join or a shared model expects one type. Usually one
    of the tables was written later and by memory.

    Bad:
        ```sql schema.sql
        CREATE TABLE invoices (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            customer_ref text NOT NULL
        );
        CREATE TABLE shipments (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            customer_ref bigint NOT NULL
        );
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE invoices (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            customer_ref text NOT NULL
        );
        CREATE TABLE shipments (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            customer_ref text NOT NULL
        );
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE invoices (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, batch_number text NOT NULL);
        CREATE TABLE ovens (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, batch_number integer NOT NULL);
        ```

    Precision: Kinds of types are compared, not lengths. Names that mean nothing by
    themselves (value, code, number, status) are not judged, nor are logs.

    Source: SchemaCrawler, column with same name but different data types.
    """
    first: dict[str, tuple[Table, Column]] = {}
    said: set[str] = set()
    for table in schema.tables:
        if table.opaque or is_log(table):
            continue
        for column in table.columns:
            parts = words(column.name)
            if len(parts) < 2 or parts[-1] in _LOOSE - {"id"} or table.foreign_key_of(column.name):
                continue
            known = first.setdefault(column.name, (table, column))
            other = known[1]
            same = other.type.family == column.type.family or "other" in (other.type.family, column.type.family)
            if not same and column.name not in said:
                said.add(column.name)
                yield Flaw(
                    column.name,
                    column.at,
                    f"{table.key}.{column.name} is {column.type}, and {known[0].key}.{column.name} is {other.type}.",
                    places=(other.at,),
                )
