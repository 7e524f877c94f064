"""Rule random-clustered-key."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.schema import Schema


@rule("random-clustered-key", family="sql", severity=Severity.WARNING, dialect="tsql")
def random_clustered_key(schema: Schema) -> Iterator[Flaw]:
    """Rows are stored in the order of a random UUID.

    Why: InnoDB and SQL Server keep the table itself in the order of its clustered
    key. With random keys each insert lands on another page: pages split, stay half
    empty, and the cache holds none of them for long. In InnoDB every other index
    repeats the key as well.

    Bad:
        ```sql schema.sql
        CREATE TABLE Orders (
            Id uniqueidentifier NOT NULL DEFAULT NEWID() PRIMARY KEY,
            PlacedAt datetimeoffset NOT NULL
        );
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE Orders (
            Id uniqueidentifier NOT NULL DEFAULT NEWSEQUENTIALID() PRIMARY KEY,
            PlacedAt datetimeoffset NOT NULL
        );
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE Orders (
            Id uniqueidentifier NOT NULL DEFAULT NEWID(),
            Number bigint IDENTITY(1, 1) NOT NULL,
            PlacedAt datetimeoffset NOT NULL,
            CONSTRAINT PK_Orders PRIMARY KEY NONCLUSTERED (Id)
        );
        ```

    Precision: MySQL and SQL Server only; PostgreSQL's tables have no order. Judged
    where the default plainly makes random values (NEWID, UUID); ids that the code
    makes are not seen, and ordered ones (NEWSEQUENTIALID, UUID_TO_BIN with its swap
    flag) are fine.

    Source: Microsoft Learn, Clustered index design guidelines; MySQL manual,
    17.6.2.1 Clustered and Secondary Indexes.
    """
    if schema.dialect not in ("mysql", "tsql"):
        return
    for table in schema.tables:
        key = table.column(table.primary_columns[0]) if table.primary_columns else None
        made = (key.default or "") if key is not None else ""
        random = re.search(r"\bnewid\s*\(|\buuid\s*\(", made, re.IGNORECASE)
        swapped = re.search(r"uuid_to_bin\s*\(.*,\s*(1|true)\s*\)", made, re.IGNORECASE)
        if key is None or not random or swapped or dict(table.options).get("clustered") == "other":
            continue
        better = "NEWSEQUENTIALID()" if schema.dialect == "tsql" else "UUID_TO_BIN(UUID(), 1)"
        yield Flaw(
            f"{table.key}.{key.name}",
            key.at,
            f"{table.key} is stored in the order of {key.name}, which is random.",
            hint=f"Use {better}, a UUID of version 7, or a number as the clustered key.",
        )
