"""What a CHECK says about one column: the values it allows, its bounds, its longest text.

Used by SQL rules and by the rules that compare a contract with its schema.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

import sqlglot
from sqlglot import exp

from evaluators.sql.facts import Check, Column, Table


@dataclass(frozen=True)
class Bounds:
    """A range of numbers; None where it is open. `over` and `under` say that the bound itself is excluded."""

    low: Decimal | None = None
    high: Decimal | None = None
    over: bool = False
    under: bool = False


def allowed_values(table: Table, column: Column) -> tuple[str, ...] | None:
    """The texts that a column may hold, by enum or by CHECK, sorted for a CHECK; None where any may."""
    if column.type.values:
        return column.type.values
    sets = [found for check in table.checks_of(column.name) for found in _listed(check.expression, column.name)]
    if not sets:
        return None
    return tuple(sorted(frozenset.intersection(*sets)))


def bounds(table: Table, column: Column) -> Bounds:
    """The narrowest range that the CHECKs leave a column."""
    made = Bounds()
    for check in table.checks_of(column.name):
        for operator, value in _compared(check.expression, column.name):
            made = _narrowed(made, operator, value)
    return made


def longest_text(table: Table, column: Column) -> int | None:
    """The longest text in characters that type and CHECKs allow; None where there is no bound."""
    limits = [column.type.length] if column.type.length is not None and column.type.is_text else []
    for check in table.checks_of(column.name):
        for operator, value in _measured(check.expression, column.name):
            if operator in ("<=", "="):
                limits.append(int(value))
            elif operator == "<":
                limits.append(int(value) - 1)
    return min(limits) if limits else None


def parsed(expression: str) -> exp.Expr | None:
    """A CHECK's text as a tree, or None where sqlglot does not read it."""
    return _parsed(expression)


def mentions_both(check: Check, left: str, right: str) -> bool:
    """Whether one CHECK speaks of both columns."""
    return left in check.columns and right in check.columns


@functools.lru_cache(maxsize=4_096)
def _parsed(expression: str) -> exp.Expr | None:
    """`parsed`, remembered."""
    try:
        return sqlglot.parse_one(expression, dialect="postgres")
    except (sqlglot.errors.SqlglotError, RecursionError, ValueError, TypeError, AttributeError):
        return None


def _conjuncts(expression: str) -> Iterator[exp.Expr]:
    """The parts of an expression that all must hold; `x IS NULL OR ...` counts as its other side."""
    tree = _parsed(expression)
    waiting = [tree] if tree is not None else []
    while waiting:
        node = waiting.pop(0).unnest()
        if isinstance(node, exp.And):
            waiting.extend((node.left, node.right))
        elif isinstance(node, exp.Or) and any(_is_null(side) for side in (node.left, node.right)):
            waiting.extend(side for side in (node.left, node.right) if not _is_null(side))
        else:
            yield node


def _is_null(node: exp.Expr) -> bool:
    """Whether a node says `something IS NULL`."""
    bare = node.unnest()
    return isinstance(bare, exp.Is) and isinstance(bare.expression, exp.Null)


def _is_column(node: exp.Expr | None, name: str) -> bool:
    """Whether a node is the column, perhaps cast or folded in case."""
    while isinstance(node, (exp.Cast, exp.Paren, exp.Lower, exp.Upper, exp.Trim)):
        node = node.this
    return isinstance(node, exp.Column) and node.name.lower() == name.lower()


def _texts(nodes: list[exp.Expr]) -> frozenset[str] | None:
    """The text of literals, casts aside; None where one is no literal."""
    found: set[str] = set()
    for node in nodes:
        while isinstance(node, (exp.Cast, exp.Paren)):
            node = node.this
        if not isinstance(node, exp.Literal):
            return None
        found.add(node.name)
    return frozenset(found)


def _listed(expression: str, name: str) -> Iterator[frozenset[str]]:
    """The lists of values that an expression holds the column to."""
    for node in _conjuncts(expression):
        values: frozenset[str] | None = None
        if isinstance(node, exp.In) and _is_column(node.this, name):
            values = _texts(node.expressions)
        elif isinstance(node, exp.EQ) and _is_column(node.this, name):
            values = _texts(_members(node.expression))
        elif isinstance(node, exp.Or):
            values = _alternatives(node, name)
        if values:
            yield values


def _members(node: exp.Expr) -> list[exp.Expr]:
    """The members of `ANY (ARRAY[...])`, else the node itself."""
    if isinstance(node, exp.Any):
        inner = node.this.unnest()
        while isinstance(inner, (exp.Cast, exp.Paren)):
            inner = inner.this
        return list(inner.expressions) if isinstance(inner, exp.Array) else [inner]
    return [node]


def _alternatives(node: exp.Or, name: str) -> frozenset[str] | None:
    """The values of `x = 'a' OR x = 'b'`; None where an alternative says something else."""
    found: set[str] = set()
    for side in node.flatten():
        bare = side.unnest()
        if not isinstance(bare, exp.EQ) or not _is_column(bare.this, name):
            return None
        texts = _texts([bare.expression])
        if texts is None:
            return None
        found |= texts
    return frozenset(found)


_OPERATORS: dict[type[exp.Expr], str] = {exp.GT: ">", exp.GTE: ">=", exp.LT: "<", exp.LTE: "<=", exp.EQ: "="}
_TURNED = {">": "<", ">=": "<=", "<": ">", "<=": ">=", "=": "="}


def _compared(expression: str, name: str) -> Iterator[tuple[str, Decimal]]:
    """Comparisons of the column with a number, the column on the left."""
    for node in _conjuncts(expression):
        if isinstance(node, exp.Between) and _is_column(node.this, name):
            for operator, side in ((">=", "low"), ("<=", "high")):
                value = _number(node.args.get(side))
                if value is not None:
                    yield operator, value
            continue
        operator = _OPERATORS.get(type(node), "")
        if not operator or not isinstance(node, exp.Binary):
            continue
        if _is_column(node.left, name) and (value := _number(node.right)) is not None:
            yield operator, value
        elif _is_column(node.right, name) and (value := _number(node.left)) is not None:
            yield _TURNED[operator], value


def _measured(expression: str, name: str) -> Iterator[tuple[str, Decimal]]:
    """Comparisons of the column's length in characters with a number."""
    for node in _conjuncts(expression):
        if isinstance(node, exp.Between) and _is_length(node.this, name):
            value = _number(node.args.get("high"))
            if value is not None:
                yield "<=", value
        operator = _OPERATORS.get(type(node), "")
        if operator and isinstance(node, exp.Binary) and _is_length(node.left, name):
            value = _number(node.right)
            if value is not None:
                yield operator, value


def _is_length(node: exp.Expr, name: str) -> bool:
    """Whether a node is the length of the column."""
    bare = node.unnest()
    if isinstance(bare, exp.Anonymous):
        known = bare.name.lower() in ("char_length", "character_length", "length")
        return known and bool(bare.expressions) and _is_column(bare.expressions[0], name)
    return isinstance(bare, exp.Length) and _is_column(bare.this, name)


def _number(node: exp.Expr | None) -> Decimal | None:
    """A literal number, its sign and cast aside."""
    sign = 1
    while isinstance(node, (exp.Cast, exp.Paren, exp.Neg)):
        sign = -sign if isinstance(node, exp.Neg) else sign
        node = node.this
    if not isinstance(node, exp.Literal):
        return None
    try:
        return sign * Decimal(node.name)
    except InvalidOperation:
        return None


def _narrowed(made: Bounds, operator: str, value: Decimal) -> Bounds:
    """The range after one more comparison."""
    low, high, over, under = made.low, made.high, made.over, made.under
    if operator in (">", ">=", "=") and (low is None or value >= low):
        low, over = value, operator == ">"
    if operator in ("<", "<=", "=") and (high is None or value <= high):
        high, under = value, operator == "<"
    return Bounds(low, high, over, under)
