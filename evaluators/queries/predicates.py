"""What conditions ask of columns, and whether an index can answer it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlglot import exp

from evaluators.queries.scopes import Level, Named
from evaluators.sql.facts import Column, Table

_COMPARED = (exp.EQ, exp.GT, exp.LT, exp.GTE, exp.LTE, exp.NullSafeEQ)


@dataclass(frozen=True)
class Ask:
    """A condition on one column of a table of the schema."""

    table: Table
    column: Column
    kind: str
    """`equal` (one value, or a list of them), `range`, `prefix`, `null`, `set` (not NULL), `other`."""
    bare: bool
    """Whether the column stands by itself; False behind a function or cast."""
    node: exp.Expr


def asks(level: Level) -> Iterator[Ask]:
    """The conditions of a level's WHERE, of those that all have to hold, that speak of one column."""
    for condition in level.conditions:
        found = _ask(level, condition)
        if found is not None:
            yield found


def _ask(level: Level, condition: exp.Expr) -> Ask | None:
    """What one condition asks."""
    if isinstance(condition, exp.Column):
        return _made(level, condition, "other", condition)
    if isinstance(condition, exp.Not) and isinstance(condition.this, exp.Column):
        return _made(level, condition.this, "other", condition)
    if isinstance(condition, exp.In):
        return _made(level, condition.this, "equal", condition)
    if isinstance(condition, exp.Between):
        return _made(level, condition.this, "range", condition)
    if isinstance(condition, exp.Is):
        return _made(level, condition.this, "set" if condition.args.get("negate") else "null", condition)
    if isinstance(condition, exp.Not) and isinstance(inner := condition.this, (exp.Is, exp.Paren)):
        inner = inner.unnest() if isinstance(inner, exp.Paren) else inner
        return _made(level, inner.this, "set", condition) if isinstance(inner, exp.Is) else None
    if isinstance(condition, (exp.Like, exp.ILike)):
        return _made(level, condition.this, "prefix", condition)
    if not isinstance(condition, _COMPARED):
        return None
    if isinstance(condition.this, exp.Null) or isinstance(condition.expression, exp.Null):
        return None
    kind = "equal" if isinstance(condition, (exp.EQ, exp.NullSafeEQ)) else "range"
    left, right = condition.this, condition.expression
    if _names(right, level) and not _names(left, level):
        left, right = right, left
    # A column against a column of the same level is a join, and answered by the other side.
    if _names(right, level):
        return None
    return _made(level, left, kind, condition)


def _names(node: exp.Expr, level: Level) -> bool:
    """Whether an expression names a column of the level."""
    here = {id(each) for each in level.own}
    return any(id(each) in here for each in node.find_all(exp.Column))


def _made(level: Level, node: exp.Expr, kind: str, condition: exp.Expr) -> Ask | None:
    """The ask about the one column below a node."""
    while isinstance(node, exp.Paren):
        node = node.this
    columns = [node] if isinstance(node, exp.Column) else list(node.find_all(exp.Column))
    if len(columns) != 1:
        return None
    named: Named = level.meaning(columns[0])
    if named.table is None or named.column is None:
        return None
    return Ask(named.table, named.column, kind, isinstance(node, exp.Column), condition)


def first_columns(table: Table) -> set[str]:
    """The columns with which an index or a key begins, partial ones too."""
    found = {columns[0] for columns in table.indexed if columns}
    return found | {index.columns[0] for index in table.indexes if index.columns and not index.expressions[:1]}


def is_answered(table: Table, column: Column) -> bool:
    """Whether some index begins with a column, by itself or inside an expression."""
    if column.name in first_columns(table):
        return True
    return any(column.name in text.lower() for index in table.indexes for text in index.expressions)


def pinned(level: Level, table: Table) -> bool:
    """Whether the conditions pick at most one row of a table: all columns of a key are set equal."""
    equal = {each.column.name for each in asks(level) if each.kind == "equal" and each.table is table and each.bare}
    equal -= {each.column.name for each in asks(level) if isinstance(each.node, exp.In)}
    return any(columns <= equal for columns in table.unique_sets)


def is_limited(node: exp.Expr) -> bool:
    """Whether a SELECT has a bound on its rows."""
    return any(node.args.get(each) is not None for each in ("limit", "fetch"))


def is_aggregate(node: exp.Select) -> bool:
    """Whether a SELECT gives one row by aggregating, or groups."""
    if node.args.get("group") is not None:
        return True
    selected = node.expressions
    return (
        bool(selected)
        and all(any(True for _ in each.find_all(exp.AggFunc)) for each in selected)
        and not any(isinstance(window, exp.Window) for each in selected for window in each.find_all(exp.Window))
    )


def unanswered(level: Level) -> Table | None:
    """The one table that a level reads by equality or range, where no condition or join of it has an index."""
    table = level.sole
    if table is None or level.node.args.get("joins"):
        return None
    found = [each for each in asks(level) if each.table is table]
    told = [each for each in found if each.kind in ("equal", "range") and each.bare]
    if not told or any(_is_coarse(each) for each in told):
        return None
    if any(is_answered(table, each.column) for each in found) or len(found) < len(level.conditions):
        return None
    return table


def _is_coarse(ask: Ask) -> bool:
    """Whether a column has few values, each in many rows, so that an index on it alone would help little."""
    if ask.column.type.family in ("boolean", "enum"):
        return True
    own = (each for each in ask.table.checks_of(ask.column.name) if len(each.columns) == 1)
    return any(" IN (" in each.expression.upper() or "= ANY" in each.expression.upper() for each in own)


def is_narrow(level: Level) -> bool:
    """Whether a condition or join narrows a list: by a key, a foreign key, an owner, or a list of ids."""
    for each in asks(level):
        keyed = (
            each.table.foreign_key_of(each.column.name) is not None or each.column.name in each.table.primary_columns
        )
        if each.kind == "equal" and (keyed or each.column.name.endswith(("_id", "id", "_by", "email", "name", "slug"))):
            return True
        if each.kind == "range":
            return True
    # A condition that was not understood may narrow.
    return any(_ask(level, each) is None and not isinstance(each, exp.Boolean) for each in level.conditions)
