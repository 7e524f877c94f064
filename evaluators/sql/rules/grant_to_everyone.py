"""Rule grant-to-everyone."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.schema import Schema


@rule("grant-to-everyone", family="sql", severity=Severity.WARNING, security=True)
def grant_to_everyone(schema: Schema) -> Iterator[Flaw]:
    """Rights to write are granted to everyone.

    Why: PUBLIC is every role, those made next year too. anon is whoever has not
    signed in.

    Bad:
        ```sql schema.sql
        CREATE TABLE notes (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY
        );
        GRANT ALL ON notes TO PUBLIC;
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE notes (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY
        );
        GRANT SELECT, INSERT ON notes TO app;
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE notes (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
        ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
        GRANT ALL ON notes TO anon;
        GRANT SELECT ON notes TO PUBLIC;
        ```

    Precision: PostgreSQL. Tables under row-level security are left alone, since
    policies decide there. REVOKE later on is not taken into account.

    Source: PostgreSQL manual, 5.8 Privileges; CWE-732.
    """
    writes = {"all", "insert", "update", "delete", "truncate"}
    for grant in schema.grants:
        everyone = sorted({"public", "anon"} & set(grant.roles))
        held = {table.key for table in schema.tables if table.row_security}
        exposed = [name for name in grant.objects if name not in held]
        if everyone and writes & set(grant.privileges) and exposed:
            yield Flaw(
                f"{', '.join(exposed)} to {', '.join(everyone)}",
                grant.at,
                f"{', '.join(everyone)} may write to {', '.join(exposed)}.",
                hint="Grant what is needed to the role that needs it.",
            )
