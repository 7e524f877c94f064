"""Rule length-limited-text."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Location, Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.schema import Schema


@rule("length-limited-text", family="sql", severity=Severity.INFO, strict=True)
def length_limited_text(schema: Schema) -> Iterator[Flaw]:
    """Text columns are varchar(n) where text with a CHECK says it.

    Why: In PostgreSQL both are stored alike, and a CHECK can be changed without
    touching the column, named, and given a form beside the length. Said once
    for a file; nothing is wrong with the values.

    Bad:
        ```sql schema.sql
        CREATE TABLE tags (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            label varchar(40) NOT NULL UNIQUE
        );
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE tags (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            label text NOT NULL UNIQUE CHECK (char_length(label) <= 40)
        );
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE tags (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            label varchar NOT NULL,
            device varchar(36) NOT NULL
        );
        ```

    Precision: Advice, and PostgreSQL's only: elsewhere varchar(n) is the type to
    use. Once for a file.

    Source: squawk prefer-text-field; PostgreSQL wiki, Don't Do This.
    """
    if schema.dialect != "postgres":
        return
    files: dict[str, list[Location]] = {}
    for table in schema.tables:
        for column in table.columns:
            if column.type.name == "varchar" and column.type.length not in (None, 36) and not column.type.domain:
                files.setdefault(column.at.path, []).append(column.at)
    for path, places in sorted(files.items()):
        yield Flaw(
            path,
            places[0],
            f"{len(places)} columns are varchar(n).",
            hint="text with CHECK (char_length(x) <= n) says the same and is easier to change.",
            places=tuple(places[1:]),
        )
