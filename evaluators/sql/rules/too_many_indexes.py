"""Rule too-many-indexes."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.schema import Schema

_MOST = 10


@rule("too-many-indexes", family="sql", severity=Severity.WARNING)
def too_many_indexes(schema: Schema) -> Iterator[Flaw]:
    """A table has more indexes than its writes can bear.

    Why: Each insert writes every one of them, and each update of an indexed column
    too; most of so many are never read. Ten indexes beside the keys is the limit
    here.

    Bad:
        ```sql schema.sql
        CREATE TABLE people (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            a text NOT NULL, b text NOT NULL, c text NOT NULL, d text NOT NULL, e text NOT NULL, f text NOT NULL,
            g text NOT NULL, h text NOT NULL, i text NOT NULL, j text NOT NULL, k text NOT NULL
        );
        CREATE INDEX people_a_idx ON people (a);
        CREATE INDEX people_b_idx ON people (b);
        CREATE INDEX people_c_idx ON people (c);
        CREATE INDEX people_d_idx ON people (d);
        CREATE INDEX people_e_idx ON people (e);
        CREATE INDEX people_f_idx ON people (f);
        CREATE INDEX people_g_idx ON people (g);
        CREATE INDEX people_h_idx ON people (h);
        CREATE INDEX people_i_idx ON people (i);
        CREATE INDEX people_j_idx ON people (j);
        CREATE INDEX people_k_idx ON people (k);
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE people (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            a text NOT NULL, b text NOT NULL
        );
        CREATE INDEX people_a_b_idx ON people (a, b);
        CREATE INDEX people_b_idx ON people (b);
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE people (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            a text NOT NULL UNIQUE, b text NOT NULL UNIQUE, c text NOT NULL UNIQUE
        );
        CREATE INDEX people_a_c_idx ON people (a, c);
        CREATE INDEX people_b_c_idx ON people (b, c);
        CREATE INDEX people_c_a_idx ON people (c, a);
        ```

    Precision: Counts, and knows no workload: a table that is only read may have
    more with reason. Keys and the single-column indexes of foreign keys are not
    counted.

    Source: pg-index-health; PostgreSQL manual, 11.1 Indexes (the cost of indexes).
    """
    for table in schema.tables:
        references = {key.columns for key in table.foreign_keys}
        counted = [index for index in table.indexes if index.columns not in references]
        if len(counted) > _MOST:
            yield Flaw(
                table.key,
                table.at,
                f"{table.key} has {len(counted)} indexes beside its keys and references.",
                hint="Drop those that no query uses; one over several columns serves several queries.",
                places=tuple(index.at for index in counted),
            )
