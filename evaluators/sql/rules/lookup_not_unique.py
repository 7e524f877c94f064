"""Rule lookup-not-unique."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.names import is_log, words
from evaluators.sql.schema import Schema, Table

_LOOKUPS = re.compile(
    r"^(slug|sku|external_id|idempotency_key|token_hash|refresh_token_hash|jti|api_key_hash|isbn|iban|"
    r"stripe_\w+_id|\w+_slug|account_number|order_number|invoice_number)$"
)

_PEOPLE = ("users", "user", "members", "member", "organizations", "organization", "workspaces", "tenants", "profiles")


@rule("lookup-not-unique", family="sql", severity=Severity.WARNING)
def lookup_not_unique(schema: Schema) -> Iterator[Flaw]:
    """A column that others look rows up by is not unique.

    Why: A slug, an external id or an idempotency key is a name for one row. A
    second row with the same one turns a lookup into a guess and a retry into a
    second payment. Unique together with its owner is enough, and so is unique in
    another table: then this one is a copy.

    Bad:
        ```sql schema.sql
        CREATE TABLE articles (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            slug text NOT NULL,
            title text NOT NULL
        );
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE articles (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            slug text NOT NULL UNIQUE,
            title text NOT NULL
        );
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE articles (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            org_id bigint NOT NULL,
            slug text NOT NULL,
            UNIQUE (org_id, slug)
        );
        CREATE TABLE visits (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, slug text NOT NULL);
        ```

    Precision: By name. A column that is unique in one table is taken for a copy in
    the others, so the second of two forgotten ones may hide.

    Source: database_consistency MissingUniqueIndexChecker.
    """
    elsewhere = {column for table in schema.tables for columns in table.unique_sets for column in columns}
    for table in schema.tables:
        if is_log(table) or table.opaque:
            continue
        for column in table.columns:
            if not _LOOKUPS.match("_".join(words(column.name))) or table.foreign_key_of(column.name):
                continue
            if column.name in elsewhere or _of_another(table, column.name):
                continue
            lists = [key.columns for key in table.keys] + [index.columns for index in table.indexes if index.unique]
            if any(re.search(rf"\b{re.escape(column.name)}\b", name) for names in lists for name in names):
                continue
            yield Flaw(
                f"{table.key}.{column.name}",
                column.at,
                f"Rows are looked up by {table.key}.{column.name}, and it is not unique.",
                hint="Add UNIQUE, alone or together with the owner's column.",
            )


def _of_another(table: Table, name: str) -> bool:
    """Whether an id names something that a row merely belongs to: the customer of a payment, the price of a line."""
    found = re.match(r"stripe_(customer|account|price|product)_id$", name)
    return found is not None and found[1] not in words(table.name)[-1] and words(table.name)[-1] not in _PEOPLE
