"""What an INSERT names and what its table must be given."""

from __future__ import annotations

from sqlglot import exp

from evaluators.sql.facts import Column


def insert_columns(tree: exp.Expr) -> list[str]:
    """The columns that an INSERT names, in lower case; empty where it names none."""
    if not isinstance(tree, exp.Insert) or not isinstance(tree.this, exp.Schema):
        return []
    return [each.name.lower() for each in tree.this.expressions]


def is_required(column: Column) -> bool:
    """Whether an INSERT has to give a column a value."""
    filled = column.default is not None or column.identity or column.generated is not None
    return not (column.nullable or filled)
