"""Rule volatile-expression."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.rule import Flaw, rule
from evaluators.sql.schema import Schema

_VOLATILE = re.compile(
    r"\b(?:now|random|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday|gen_random_uuid|nextval|"
    r"getdate|sysdatetime|getutcdate|newid|sysdate|curdate|uuid_generate_v4)\s*\("
    r"|\b(?:current_timestamp|current_date|current_time|localtimestamp|localtime|current_user|session_user)\b",
    re.IGNORECASE,
)


@rule("volatile-expression", family="sql")
def volatile_expression(schema: Schema) -> Iterator[Flaw]:
    """An index, a generated column or a partition is computed from something that changes by itself.

    Why: What now(), random() or current_user gave at the write is not what they
    give at the read, so the database cannot keep it in an index or a generated
    column, and refuses the statement. `WHERE expires_at > now()` in a partial index
    is the usual case.

    Bad:
        ```sql schema.sql
        CREATE TABLE sessions (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            expires_at timestamptz NOT NULL
        );
        CREATE INDEX sessions_live_idx ON sessions (id) WHERE expires_at > now();
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE sessions (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            expires_at timestamptz NOT NULL
        );
        CREATE INDEX sessions_expires_at_idx ON sessions (expires_at);
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE sessions (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            token text NOT NULL,
            expires_at timestamptz NOT NULL DEFAULT now() + interval '1 day'
        );
        CREATE INDEX sessions_token_idx ON sessions (lower(token)) WHERE token <> 'now()';
        ```

    Precision: The functions that are volatile or stable by definition are known by
    name; a function of one's own that is declared immutable and is not, is not
    seen.

    Source: PostgreSQL manual, 36.7 Function Volatility Categories, and CREATE
    INDEX; SQLite manual, Partial Indexes.
    """
    for table in schema.tables:
        for column in table.columns:
            said = _found(column.generated or "")
            if said and schema.dialect != "tsql":
                yield Flaw(
                    f"{table.key}.{column.name}",
                    column.at,
                    f"The generated column {table.key}.{column.name} is computed from {said}, which changes by itself.",
                    hint="Compute it when it is read, or set it in a trigger.",
                )
        for index in table.indexes:
            said = _found(" ".join((index.predicate, *index.expressions)))
            if said:
                yield Flaw(
                    f"{table.key}.{index.name}",
                    index.at,
                    f"The index {index.name} on {table.key} depends on {said}, which changes by itself.",
                    hint="Index the column itself, and compare in the query.",
                )


def _found(text: str) -> str:
    """The first volatile function outside quotes, in lower case; empty where there is none."""
    found = _VOLATILE.search(re.sub(r"'(?:[^']|'')*'", "''", text))
    return found.group().strip("( ").lower() if found else ""
