"""Rule too-many-columns."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.schema import Schema

_MOST = 60


@rule("too-many-columns", family="sql", severity=Severity.WARNING)
def too_many_columns(schema: Schema) -> Iterator[Flaw]:
    """A table has more columns than one thing has properties.

    Why: Several things share one row: most columns are NULL most of the time, every
    UPDATE writes the whole row anew, and the database's own limit (1,600 in
    PostgreSQL, 1,017 in InnoDB, 1,024 in SQL Server) comes into sight. Sixty is the
    limit here.

    Bad:
        ```sql schema.sql
        CREATE TABLE people (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            home_a text NOT NULL, home_b text NOT NULL, home_c text NOT NULL, home_d text NOT NULL, home_e text
            NOT NULL, home_f text NOT NULL, home_g text NOT NULL, home_h text NOT NULL, home_i text NOT NULL,
            home_j text NOT NULL,
            work_a text NOT NULL, work_b text NOT NULL, work_c text NOT NULL, work_d text NOT NULL, work_e text
            NOT NULL, work_f text NOT NULL, work_g text NOT NULL, work_h text NOT NULL, work_i text NOT NULL,
            work_j text NOT NULL,
            bill_a text NOT NULL, bill_b text NOT NULL, bill_c text NOT NULL, bill_d text NOT NULL, bill_e text
            NOT NULL, bill_f text NOT NULL, bill_g text NOT NULL, bill_h text NOT NULL, bill_i text NOT NULL,
            bill_j text NOT NULL,
            ship_a text NOT NULL, ship_b text NOT NULL, ship_c text NOT NULL, ship_d text NOT NULL, ship_e text
            NOT NULL, ship_f text NOT NULL, ship_g text NOT NULL, ship_h text NOT NULL, ship_i text NOT NULL,
            ship_j text NOT NULL,
            visit_a text NOT NULL, visit_b text NOT NULL, visit_c text NOT NULL, visit_d text NOT NULL, visit_e
            text NOT NULL, visit_f text NOT NULL, visit_g text NOT NULL, visit_h text NOT NULL, visit_i text NOT
            NULL, visit_j text NOT NULL,
            mail_a text NOT NULL, mail_b text NOT NULL, mail_c text NOT NULL, mail_d text NOT NULL, mail_e text
            NOT NULL, mail_f text NOT NULL, mail_g text NOT NULL, mail_h text NOT NULL, mail_i text NOT NULL,
            mail_j text NOT NULL,
            farm_a text NOT NULL, farm_b text NOT NULL, farm_c text NOT NULL, farm_d text NOT NULL, farm_e text
            NOT NULL, farm_f text NOT NULL, farm_g text NOT NULL, farm_h text NOT NULL, farm_i text NOT NULL,
            farm_j text NOT NULL
        );
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE people (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            full_name text NOT NULL
        );
        CREATE TABLE people_addresses (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            person_id bigint NOT NULL REFERENCES people (id) ON DELETE CASCADE,
            street text NOT NULL
        );
        CREATE INDEX people_addresses_person_id_idx ON people_addresses (person_id);
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE people (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            home_a text NOT NULL, home_b text NOT NULL, home_c text NOT NULL, home_d text NOT NULL, home_e text
            NOT NULL, home_f text NOT NULL, home_g text NOT NULL, home_h text NOT NULL, home_i text NOT NULL,
            home_j text NOT NULL
        );
        ```

    Precision: Counts columns. A wide fact table of a warehouse is right as it is
    and is reported all the same.

    Source: SchemaCrawler, too many columns; limits: PostgreSQL manual, Appendix K;
    MySQL manual, 17.21; Microsoft Learn, Maximum capacity.
    """
    for table in schema.tables:
        if len(table.columns) > _MOST:
            yield Flaw(
                table.key,
                table.at,
                f"{table.key} has {len(table.columns)} columns.",
                hint="Keep what belongs to another thing, or is there for a few rows only, in a table of its own.",
            )
