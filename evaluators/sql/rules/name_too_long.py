"""Rule name-too-long."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.schema import Schema

_LIMIT = {"postgres": 63, "mysql": 64, "tsql": 128}


@rule("name-too-long", family="sql", severity=Severity.WARNING)
def name_too_long(schema: Schema) -> Iterator[Flaw]:
    """A name is longer than the database keeps.

    Why: PostgreSQL cuts it to 63 bytes and says so in a notice that nobody
    reads. Two long names then become one, and the ORM looks for a third.

    Bad:
        ```sql schema.sql
        CREATE TABLE notes (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            body text NOT NULL
        );
        CREATE INDEX idx_notes_body_for_the_full_search_over_everything_that_anyone_wrote ON notes (body);
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE notes (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            body text NOT NULL
        );
        CREATE INDEX notes_body_idx ON notes (body);
        ```

    Boundary:
        ```sql schema.sql
        COMMENT ON TABLE notes IS
        'a_word_that_is_longer_than_all_names_may_be_in_a_database_but_is_no_name_at_all';
        ```

    Precision: Names in comments, strings, function bodies and rows are not looked
    at. Names that PostgreSQL makes up by itself are cut too, and not judged.

    Source: PostgreSQL manual, 4.1.1 Identifiers and Key Words.
    """
    limit = _LIMIT.get(schema.dialect)
    if limit is None:
        return
    # Four bytes at most are one character: what has no run of so many has no name of so many.
    long = re.compile(rf"\w{{{limit // 4 + 1}}}")
    longer = re.compile(rf"\w{{{limit + 1}}}")
    for statement in schema.statements:
        if not (longer if statement.text.isascii() else long).search(statement.text):
            continue
        head = statement.text if not re.match(r"insert|copy", statement.text, re.IGNORECASE) else ""
        for found in re.finditer(r"'(?:[^']|'')*'|\$(\w*)\$.*?\$\1\$|--[^\n]*|/\*.*?\*/|[^\W\d]\w*", head, re.DOTALL):
            name = found.group()
            if re.match(r"\w", name) and len(name.encode("utf-8", "replace")) > limit:
                yield Flaw(
                    name[:limit],
                    statement.at(found.start()),
                    f"The name {name[:100]} is longer than {limit} bytes.",
                    hint="Shorten it.",
                )
