"""Rule foreign-key-target-not-unique."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.rule import Flaw, rule
from evaluators.sql.schema import Schema


@rule("foreign-key-target-not-unique", family="sql")
def foreign_key_target_not_unique(schema: Schema) -> Iterator[Flaw]:
    """A foreign key points at columns that are not unique.

    Why: A child must have one parent. PostgreSQL and SQL Server refuse the
    statement, SQLite refuses every insert later.

    Bad:
        ```sql schema.sql
        CREATE TABLE countries (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            iso_code text NOT NULL
        );
        CREATE TABLE cities (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            country_code text NOT NULL REFERENCES countries (iso_code) ON DELETE RESTRICT
        );
        CREATE INDEX cities_country_code_idx ON cities (country_code);
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE countries (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            iso_code text NOT NULL UNIQUE
        );
        CREATE TABLE cities (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            country_code text NOT NULL REFERENCES countries (iso_code) ON DELETE RESTRICT
        );
        CREATE INDEX cities_country_code_idx ON cities (country_code);
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE countries (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, iso_code text NOT NULL);
        CREATE UNIQUE INDEX countries_iso_code_key ON countries (iso_code);
        CREATE TABLE cities (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            country_code text NOT NULL REFERENCES countries (iso_code) ON DELETE RESTRICT
        );
        ```

    Precision: Exact. A unique index counts where it covers the whole table; MySQL
    itself takes any index and is judged alike, since a child then has many parents.

    Source: PostgreSQL manual, 5.5.5 Foreign Keys; SQLite manual, Foreign Key Support, section 3.
    """
    for table in schema.tables:
        for key in table.foreign_keys:
            target = schema.table(key.target)
            if target is None or target.opaque or not all(target.column(name) for name in key.target_columns):
                continue
            if frozenset(key.target_columns) in target.unique_sets:
                continue
            if not key.target_columns and not target.primary_key:
                continue
            columns = ", ".join(key.target_columns)
            yield Flaw(
                f"{table.key}.{', '.join(key.columns)}",
                key.at,
                f"{table.key} ({', '.join(key.columns)}) references {target.key} ({columns}), "
                "which is neither its primary key nor unique.",
                hint=f"Add UNIQUE ({columns}) to {target.key}, or reference its primary key.",
            )
