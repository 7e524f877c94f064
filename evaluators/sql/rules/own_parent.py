"""Rule own-parent."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.finding import Severity
from evaluators.rule import Flaw, rule
from evaluators.sql.habits import told_once
from evaluators.sql.schema import Schema


@rule("own-parent", family="sql", severity=Severity.INFO)
def own_parent(schema: Schema) -> Iterator[Flaw]:
    """A row may be its own parent.

    Why: A walk up the tree that starts at such a row never ends. A CHECK cannot
    forbid longer rings, but it stops the commonest one, which a form with a wrong
    default makes.

    Bad:
        ```sql schema.sql
        CREATE TABLE categories (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            parent_id bigint REFERENCES categories (id) ON DELETE CASCADE
        );
        CREATE INDEX categories_parent_id_idx ON categories (parent_id);
        ```

    Good:
        ```sql schema.sql
        CREATE TABLE categories (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            parent_id bigint REFERENCES categories (id) ON DELETE CASCADE CHECK (parent_id <> id)
        );
        CREATE INDEX categories_parent_id_idx ON categories (parent_id);
        ```

    Boundary:
        ```sql schema.sql
        CREATE TABLE categories (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            parent_id bigint REFERENCES categories (id) ON DELETE CASCADE,
            CONSTRAINT no_own_parent CHECK (id IS DISTINCT FROM parent_id)
        );
        CREATE INDEX categories_parent_id_idx ON categories (parent_id);
        ```

    Precision: Any CHECK that names both columns counts, and so does a BEFORE
    trigger on the table, whose body is not read. MySQL takes no such
    CHECK beside ON DELETE and is left alone. References that are no tree
    (referred_by) are judged alike.

    Source: Joe Celko, Trees and Hierarchies in SQL (adjacency list constraints).
    """
    yield from told_once(_flaws(schema), schema, "references let a row be its own parent")


def _flaws(schema: Schema) -> Iterator[Flaw]:
    """One flaw each."""
    if schema.dialect == "mysql":
        return
    for table in schema.tables:
        for key in table.foreign_keys:
            pairs = set(zip(key.columns, key.target_columns, strict=False))
            if key.target != table.key or not pairs or any(left == right for left, right in pairs):
                continue
            held = any({left, right} <= set(check.columns) for check in table.checks for left, right in pairs)
            if held or any(trigger.timing == "before" for trigger in table.triggers):
                continue
            left, right = key.columns[0], key.target_columns[0]
            yield Flaw(
                f"{table.key}.{', '.join(key.columns)}",
                key.at,
                f"A row of {table.key} may have itself as its {left}.",
                hint=f"Add CHECK ({left} <> {right}).",
            )
