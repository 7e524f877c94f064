"""What the database accepts in a column: its type and the CHECKs that speak of it alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from sqlglot import exp, parse_one
from sqlglot.errors import SqlglotError

from evaluators.sql.facts import Column, Table

_LENGTHS = ("char_length", "character_length", "length", "len")


@dataclass(frozen=True)
class Bounds:
    """Inclusive bounds; None where the database sets none."""

    max_length: int | None = None
    """Characters."""
    min_length: int | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    values: frozenset[str] | None = None
    """The only texts that are accepted."""
    checked_low: bool = False
    """Whether `minimum` comes from a CHECK, not from the type."""
    checked_high: bool = False
    """Whether `maximum` comes from a CHECK, not from the type."""


def bounds_of(table: Table, column: Column, dialect: str) -> Bounds:
    """The bounds of a column. CHECKs that name another column, or that are not understood, set none."""
    bounds = _typed(column, dialect)
    for check in table.checks_of(column.name):
        if check.columns != (column.name,):
            continue
        try:
            tree = parse_one(check.expression, dialect=dialect)
        except (SqlglotError, RecursionError):
            continue
        for part in _conjuncts(tree):
            bounds = _narrowed(bounds, part, column)
    return bounds


def _typed(column: Column, dialect: str) -> Bounds:
    """The bounds of the type. SQLite keeps no length and no width."""
    kind = column.type
    if kind.array:
        return Bounds()
    values = frozenset(kind.values) if kind.family == "enum" and kind.values else None
    if dialect == "sqlite":
        return Bounds(values=values)
    if kind.family == "integer" and kind.bits:
        low = 0 if kind.unsigned else -(2 ** (kind.bits - 1))
        high = 2**kind.bits - 1 if kind.unsigned else 2 ** (kind.bits - 1) - 1
        return Bounds(minimum=Decimal(low), maximum=Decimal(high))
    if kind.family == "decimal" and kind.precision is not None:
        most = Decimal(10) ** (kind.precision - (kind.scale or 0)) - Decimal(10) ** -(kind.scale or 0)
        return Bounds(minimum=-most, maximum=most)
    return Bounds(max_length=kind.length if kind.family == "text" else None, values=values)


def _conjuncts(tree: exp.Expr) -> Iterator[exp.Expr]:
    """The parts that must all hold; `x IS NULL OR part` counts as the part."""
    tree = tree.unnest()
    if isinstance(tree, exp.And):
        yield from _conjuncts(tree.left)
        yield from _conjuncts(tree.right)
        return
    if isinstance(tree, exp.Or):
        left, right = tree.left.unnest(), tree.right.unnest()
        for one, other in ((left, right), (right, left)):
            if isinstance(one, exp.Is) and isinstance(one.expression, exp.Null):
                yield from _conjuncts(other)
                return
    yield tree


def _narrowed(bounds: Bounds, part: exp.Expr, column: Column) -> Bounds:
    """The bounds with one more condition."""
    if isinstance(part, exp.Between):
        low, high = _number(part.args["low"]), _number(part.args["high"])
        bounds = _compared(bounds, part.this, ">=", low, column)
        return _compared(bounds, part.this, "<=", high, column)
    for kind, sign in ((exp.LTE, "<="), (exp.LT, "<"), (exp.GTE, ">="), (exp.GT, ">"), (exp.EQ, "=")):
        if type(part) is kind:
            right = _number(part.expression)
            if right is not None:
                return _compared(bounds, part.this, sign, right, column)
            left = _number(part.this)
            if left is not None:
                return _compared(bounds, part.expression, sign.translate(str.maketrans("<>", "><")), left, column)
    values = _listed(part, column.name)
    if values is not None:
        kept = values if bounds.values is None else bounds.values & values
        return replace(bounds, values=frozenset(kept))
    return bounds


def _compared(bounds: Bounds, what: exp.Expr, sign: str, value: Decimal | None, column: Column) -> Bounds:
    """The bounds after `what SIGN value`, where `what` is the column or its length."""
    if value is None:
        return bounds
    step = Decimal(1) if column.type.family == "integer" else Decimal(0)
    if _is_length(what, column.name):
        high = int(value) - (1 if sign == "<" else 0)
        low = int(value) + (1 if sign == ">" else 0)
        if sign in ("<=", "<", "="):
            bounds = replace(bounds, max_length=high if bounds.max_length is None else min(high, bounds.max_length))
        if sign in (">=", ">", "="):
            bounds = replace(bounds, min_length=low if bounds.min_length is None else max(low, bounds.min_length))
        return bounds
    if not _is_column(what, column.name):
        return bounds
    if sign in ("<=", "<", "="):
        top = value - (step if sign == "<" else 0)
        if bounds.maximum is None or top < bounds.maximum:
            bounds = replace(bounds, checked_high=True, maximum=top)
    if sign in (">=", ">", "="):
        floor = value + (step if sign == ">" else 0)
        if bounds.minimum is None or floor > bounds.minimum:
            bounds = replace(bounds, checked_low=True, minimum=floor)
    return bounds


def _bare(tree: exp.Expr) -> exp.Expr:
    """Without parentheses and casts."""
    while isinstance(tree, exp.Paren | exp.Cast):
        tree = tree.this
    return tree


def _is_column(tree: exp.Expr, name: str) -> bool:
    tree = _bare(tree)
    return isinstance(tree, exp.Column) and tree.name.lower() == name.lower()


def _is_length(tree: exp.Expr, name: str) -> bool:
    tree = _bare(tree)
    if isinstance(tree, exp.Length):
        return _is_column(tree.this, name)
    named = isinstance(tree, exp.Anonymous) and tree.name.lower() in _LENGTHS
    return named and len(tree.expressions) == 1 and _is_column(tree.expressions[0], name)


def _number(tree: exp.Expr) -> Decimal | None:
    """The number that an expression is, or None."""
    tree = _bare(tree)
    sign = 1
    if isinstance(tree, exp.Neg):
        sign, tree = -1, _bare(tree.this)
    if not isinstance(tree, exp.Literal) or (tree.is_string and not re.fullmatch(r"[0-9.]+", tree.name)):
        return None
    try:
        return sign * Decimal(tree.name)
    except InvalidOperation:
        return None


def _listed(part: exp.Expr, name: str) -> frozenset[str] | None:
    """The texts of `column IN (...)`, `= ANY (ARRAY[...])`, or of equalities joined by OR."""
    if isinstance(part, exp.In) and _is_column(part.this, name):
        return _texts(part.expressions)
    if isinstance(part, exp.Or):
        left, right = _listed(part.left.unnest(), name), _listed(part.right.unnest(), name)
        return left | right if left is not None and right is not None else None
    if isinstance(part, exp.EQ) and _is_column(part.this, name):
        right_side = _bare(part.expression)
        if isinstance(right_side, exp.Any):
            array = _bare(right_side.this)
            return _texts(array.expressions) if isinstance(array, exp.Array) else None
        return _texts([right_side])
    return None


def _texts(trees: list[exp.Expr]) -> frozenset[str] | None:
    found = [_bare(tree) for tree in trees]
    texts = [tree.name for tree in found if isinstance(tree, exp.Literal) and tree.is_string]
    return frozenset(texts) if texts and len(texts) == len(found) else None
