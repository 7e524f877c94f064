"""Rule float-money."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from evaluators.code.alone import alone
from evaluators.code.expressions import words
from evaluators.code.facts import Code, Module
from evaluators.code.walking import walk
from evaluators.rule import Flaw, rule

_MONEY = {"amount", "price", "balance", "cost", "fee", "salary", "principal", "payment", "subtotal", "money", "funds"}
_NO_MONEY = {
    "rate",
    "ratio",
    "percent",
    "percentage",
    "seconds",
    "timeout",
    "id",
    "count",
    "weight",
    "factor",
    "delay",
    "score",
}


def _name(node: ast.AST) -> str:
    """The name that a declaration declares; empty for other nodes."""
    if isinstance(node, ast.arg):
        return node.arg
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return node.target.id
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and isinstance(node.value, ast.Call):
        return node.targets[0].id
    return ""


def _is_money(name: str) -> bool:
    """Whether a name speaks of money."""
    parts = set(words(name))
    return bool(parts & _MONEY) and not parts & _NO_MONEY


def _is_float(module: Module, node: ast.AST) -> bool:
    """Whether a declaration's type is a float, in Python or in the database."""
    annotation = getattr(node, "annotation", None)
    if annotation is not None and any(isinstance(part, ast.Name) and part.id == "float" for part in walk(annotation)):
        return True
    value = getattr(node, "value", None)
    if not isinstance(value, ast.Call) or module.called(value).rpartition(".")[2] not in ("Column", "mapped_column"):
        return False
    kinds = [module.dotted(arg.func if isinstance(arg, ast.Call) else arg).rpartition(".")[2] for arg in value.args]
    return bool({"Float", "REAL", "Double", "DOUBLE_PRECISION"} & set(kinds))


@alone
@rule("float-for-money", family="code")
def float_money(code: Code) -> Iterator[Flaw]:
    """An amount of money is a binary floating-point number.

    Why: 0.1 + 0.2 is not 0.3. Sums drift, comparisons fail, and cents are lost.

    Bad:
        ```python app/schemas.py
        from pydantic import BaseModel

        class Transfer(BaseModel):
            amount: float
        ```

    Good:
        ```python app/schemas.py
        from decimal import Decimal

        from pydantic import BaseModel

        class Transfer(BaseModel):
            amount: Decimal
            fee_cents: int
            interest_rate: float
            price_check_seconds: float
        ```

    Boundary:
        ```python app/schemas.py
        from pydantic import BaseModel

        class Report(BaseModel):
            price_ratio: float
            payment_delay: float
            weight: float
        ```

    Precision: Goes by the words of a name, and leaves out names that also say rate, share, time or weight. Money
    under a name that does not say so is missed.

    Source: Martin Fowler, Patterns of Enterprise Application Architecture, Money.
    """
    for module in code.own:
        for node in module.nodes:
            name = _name(node)
            if name and _is_money(name) and _is_float(module, node):
                yield Flaw(
                    f"{module.name}.{module.qualified(node)}.{name}",
                    module.at(node),
                    f"`{name}` is money and a float.",
                    module.source(node),
                    "Use an integer of minor units, or Decimal with Numeric(p, 2).",
                )
