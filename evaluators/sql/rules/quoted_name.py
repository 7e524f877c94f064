"""Rule quoted-name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.habits import told_once
from evaluators.sql.schema import Schema

_RESERVED = {
    "all", "analyse", "analyze", "and", "any", "array", "as", "asc", "both", "case", "cast", "check",
    "collate", "column", "constraint", "create", "current_date", "current_role", "current_time",
    "current_timestamp", "current_user", "default", "deferrable", "desc", "distinct", "do", "else", "end",
    "except", "false", "fetch", "for", "foreign", "from", "grant", "group", "having", "in", "initially",
    "intersect", "into", "lateral", "leading", "limit", "localtime", "localtimestamp", "not", "null", "offset",
    "on", "only", "or", "order", "placing", "primary", "references", "returning", "select", "session_user",
    "some", "symmetric", "table", "then", "to", "trailing", "true", "union", "unique", "user", "using",
    "variadic", "when", "where", "window", "with",
}  # fmt: skip
"""PostgreSQL's reserved words, nearly all reserved elsewhere too."""


@rule("quoted-name", family="sql", severity=Severity.WARNING)
def quoted_name(schema: Schema) -> Iterator[Flaw]:
    """A name must be quoted in every query: a reserved word, or mixed case in PostgreSQL.

    Why: `SELECT * FROM user` reads the session's user, not the table, and
    `createdAt` without quotes is another column. One forgotten pair of quotes
    is a bug that no parser reports.

    Bad:
        ```sql schema.sql
        CREATE TABLE "order" (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY
        );
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE orders (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY
        );
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE "users" (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "name" text NOT NULL);
        ```

    Precision: PostgreSQL's reserved words, and in other dialects those that are
    reserved there too; mixed case counts in PostgreSQL only. Where a whole schema
    is quoted, as an ORM writes it, that is told once.

    Source: PostgreSQL manual, Appendix C SQL Key Words; sqlfluff references.keywords.
    """
    yield from told_once(_flaws(schema), schema, "tables have names that must be quoted everywhere")


def _flaws(schema: Schema) -> Iterator[Flaw]:
    """One flaw each."""
    for table in schema.tables:
        names = [(table.name, table.at), *((column.name, column.at) for column in table.columns)]
        bad = [(name, at) for name, at in names if _needs_quotes(name, schema.dialect)]
        if bad:
            yield Flaw(
                table.key,
                bad[0][1],
                f"{table.key} has names that must be quoted everywhere: {', '.join(name for name, _ in bad)}.",
                hint="Use lower-case words with underscores that are not reserved.",
                places=tuple(at for _, at in bad[1:]),
            )


_PECULIAR = {
    "user", "analyse", "analyze", "array", "asymmetric", "both", "do", "end", "false", "initially", "lateral",
    "leading", "localtime", "localtimestamp", "offset", "only", "placing", "session_user", "some", "symmetric",
    "trailing", "true", "variadic", "window",
}  # fmt: skip
"""Reserved in PostgreSQL, free elsewhere."""


def _needs_quotes(name: str, dialect: str) -> bool:
    """Whether a name only works in quotes."""
    if name.lower() in _RESERVED and (dialect == "postgres" or name.lower() not in _PECULIAR):
        return True
    return dialect == "postgres" and re.fullmatch(r"[a-z_\u0080-\uffff][a-z0-9_$\u0080-\uffff]*", name) is None
