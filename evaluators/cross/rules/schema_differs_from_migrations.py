"""The rule schema-differs-from-migrations."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.cross.drift import differences, unread
from evaluators.cross.facts import Facts
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule

_KEPT = re.compile(r"migration|alembic_version|schema_version|flyway|knex|goose|_prisma", re.IGNORECASE)


@rule("schema-differs-from-migrations", family="cross", severity=Severity.ERROR)
def schema_differs_from_migrations(facts: Facts) -> Iterator[Flaw]:
    """The schema file and the migrations build different databases.

    Why: One of the two is what runs, the other is what people read. New machines and old ones behave differently.

    Bad:
    ```sql schema.sql
    create table items (
      id bigint generated always as identity primary key,
      label varchar(80) not null,
      note text
    );
    ```
    ```sql migrations/001_items.sql
    create table items (
      id bigint generated always as identity primary key,
      label varchar(80),
      note text
    );
    ```

    Good:
    ```sql schema.sql
    create table items (
      id bigint generated always as identity primary key,
      label varchar(80) not null,
      note text
    );
    ```
    ```sql migrations/001_items.sql
    create table items (
      id bigint generated always as identity primary key,
      label varchar(80) not null,
      note text
    );
    ```

    Boundary:
    ```sql schema.sql
    create table items (
      id bigint generated always as identity primary key,
      label varchar(80) not null,
      note text
    );
    ```
    ```sql migrations/001_items.sql
    create table items (
      id bigint generated always as identity primary key,
      label varchar(80) not null,
      note text,
      price integer
    );
    alter table items drop column price;
    ```

    Precision: Compares tables, columns, their types and nullability, defaults by presence, keys, foreign keys and
    unique indexes by their columns. Names of constraints do not matter. Said only where both were read in full.

    Source: alembic check; Flyway validate; atlas migrate diff.
    """
    migrated = facts.migrated
    if migrated is None or not migrated.tables or unread(migrated) or unread(facts.schema):
        return
    for key in sorted({table.key for table in (*facts.schema.tables, *migrated.tables)}):
        written, built = facts.schema.table(key), migrated.table(key)
        if written is None or built is None:
            table = written or built
            if table is not None and not _KEPT.search(table.name):
                where = "the migrations do not make it" if written else "the schema file does not have it"
                yield Flaw(key, table.at, f"The table {key} differs: {where}.")
            continue
        for symbol, said in differences(written, built):
            yield Flaw(symbol, written.at, f"{symbol} differs: {said}.", places=(built.at,))
