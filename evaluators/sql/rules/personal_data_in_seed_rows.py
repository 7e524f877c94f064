"""Rule personal-data-in-seed-rows."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.schema import Schema

_PERSON = re.compile(
    r"'[\w.+-]{3,}@(?:gmail|googlemail|yahoo|hotmail|outlook|icloud|gmx|web|aol|live|proton(?:mail)?)\.[a-z.]{2,6}'",
    re.IGNORECASE,
)


@rule("personal-data-in-seed-rows", family="sql", severity=Severity.INFO, security=True)
def personal_data_in_seed_rows(schema: Schema) -> Iterator[Flaw]:
    """A script inserts the address of a person who may be real.

    Why: Seed rows are in every developer's copy, in every test's output, and a mail
    job started there writes to strangers. The domains example.com, .org, .net and
    .test, .invalid are reserved for this.

    Bad:
        ```sql schema.sql
        CREATE TABLE customers (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            email text NOT NULL UNIQUE
        );
        INSERT INTO customers (email) VALUES ('maria.keller@gmail.com');
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE customers (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            email text NOT NULL UNIQUE
        );
        INSERT INTO customers (email) VALUES ('maria.keller@example.com');
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE settings (
            name text PRIMARY KEY,
            content text NOT NULL
        );
        INSERT INTO settings (name, content) VALUES ('sender', 'no-reply@shop.io'), ('note', 'ask
        support@gmail.com');
        ```

    Precision: Only mail addresses of the large providers that look like a person's,
    in whole values. Names, phones and own domains are not judged.

    Source: RFC 2606 (reserved domains); GDPR, article 5 (data minimisation).
    """
    told: set[str] = set()
    for insert in schema.inserts:
        found = [value for row in insert.rows for value in row if _PERSON.fullmatch(value)]
        if found and insert.table not in told:
            told.add(insert.table)
            count = "an address" if len(found) == 1 else f"{len(found)} addresses"
            yield Flaw(
                insert.table,
                insert.at,
                f"Rows for {insert.table} hold {count} of a real mail provider.",
                hint="Use addresses of example.com.",
            )
