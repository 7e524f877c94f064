"""Rule inconsistent-table-names."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.names import is_plural, words
from evaluators.sql.schema import Schema


@rule("inconsistent-table-names", family="sql", severity=Severity.INFO, strict=True)
def inconsistent_table_names(schema: Schema) -> Iterator[Flaw]:
    """Some tables are named in the plural and some in the singular.

    Why: Nobody remembers which. Said once for the schema, and only where both
    kinds are common.

    Bad:
        ```sql schema.sql
        CREATE TABLE authors (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        CREATE TABLE books (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        CREATE TABLE publishers (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        CREATE TABLE review (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        CREATE TABLE shelf (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE authors (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        CREATE TABLE books (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        CREATE TABLE reviews (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        CREATE TABLE audit_log (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE authors (id int PRIMARY KEY);
        CREATE TABLE books (id int PRIMARY KEY);
        CREATE TABLE stock (id int PRIMARY KEY);
        CREATE TABLE metadata (id int PRIMARY KEY);
        ```

    Precision: English plurals by their ending; words that have none (stock, data,
    history) are not counted. Names in other languages may be misread.

    Source: SchemaCrawler, lint of table names.
    """
    mass = {"log", "data", "history", "metadata", "outbox", "inbox", "inventory", "stock", "info", "config", "queue"}
    own = [table for table in schema.tables if words(table.name) and words(table.name)[-1] not in mass]
    plural = [table for table in own if is_plural(words(table.name)[-1])]
    single = [table for table in own if not is_plural(words(table.name)[-1])]
    if len(plural) < 2 or len(single) < 2:
        return
    fewer, many = (single, "plural") if len(single) <= len(plural) else (plural, "singular")
    yield Flaw(
        fewer[0].at.path,
        fewer[0].at,
        f"Most tables are named in the {many}, these are not: {', '.join(sorted(t.key for t in fewer))}.",
        places=tuple(table.at for table in fewer[1:]),
    )
