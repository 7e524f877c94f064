"""Rule numbered-columns."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.schema import Column, Schema


@rule("numbered-columns", family="sql", severity=Severity.WARNING)
def numbered_columns(schema: Schema) -> Iterator[Flaw]:
    """Columns with numbers in their names hold a list.

    Why: The fourth phone has no place, a search must look into each column, and
    nothing keeps one number from standing twice. A child table has no such
    limits. The lines of an address are left alone.

    Bad:
        ```sql schema.sql
        CREATE TABLE contacts (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            phone1 text,
            phone2 text,
            phone3 text,
            full_name text NOT NULL
        );
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE contacts (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            full_name text NOT NULL
        );
        CREATE TABLE contact_phones (
            contact_id bigint NOT NULL REFERENCES contacts (id) ON DELETE CASCADE,
            phone text NOT NULL CHECK (phone ~ '^[+0-9 ]{5,20}$'),
            PRIMARY KEY (contact_id, phone)
        );
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE places (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            address_line1 text,
            address_line2 text,
            p50 real,
            p95 real,
            sha256 bytea,
            md5 bytea
        );
        ```

    Precision: Two columns of one stem and kind, with numbers at the end. Lines of
    an address and names of algorithms are known; team1 and team2 of a match are
    reported.

    Source: sqlcheck multi-valued attributes; first normal form.
    """
    for table in schema.tables:
        families: dict[str, list[Column]] = {}
        for column in table.columns:
            found = re.fullmatch(r"(.*?[a-z]{3})_?([0-9]{1,2})", column.name.lower())
            if found and not re.search(r"line|address|street|addr|sha|md|utf|base|oauth|ipv|int", found.group(1)):
                families.setdefault(found.group(1), []).append(column)
        for name, columns in families.items():
            if len(columns) >= 2 and len({column.type.family for column in columns}) == 1:
                yield Flaw(
                    f"{table.key}.{name}",
                    columns[0].at,
                    f"{table.key} keeps a list in the columns {', '.join(column.name for column in columns)}.",
                    hint="Keep one row for each value in a table of its own.",
                    places=tuple(column.at for column in columns[1:]),
                )
