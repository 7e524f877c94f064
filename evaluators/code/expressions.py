"""Small questions about expressions that rules ask: keywords, constants, words in names."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Iterator

from evaluators.code.module import FunctionNode, Module
from evaluators.code.walking import walk

SECRET_WORDS = frozenset(
    {"password", "passwd", "pwd", "secret", "token", "apikey", "credential", "credentials", "signature"}
)
"""Words of a name that stands for something secret."""

_ARITHMETIC: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
}


def keyword(call: ast.Call, name: str) -> ast.expr | None:
    """The value of a keyword argument, or None."""
    return next((each.value for each in call.keywords if each.arg == name), None)


def argument(call: ast.Call, position: int, name: str) -> ast.expr | None:
    """An argument by position (from 0) or by keyword, or None."""
    return call.args[position] if len(call.args) > position else keyword(call, name)


def is_constant(node: ast.AST | None, value: object) -> bool:
    """Whether a node is this very constant (`True`, `False`, `None`, a text)."""
    return isinstance(node, ast.Constant) and type(node.value) is type(value) and node.value == value


def text_of(module: Module, node: ast.AST | None) -> str | None:
    """The text that a constant, or a name of a constant of this module, is; else None."""
    if isinstance(node, ast.Name) and node.id in module.constants:
        node = module.constants[node.id]
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def number_of(module: Module, node: ast.AST | None, depth: int = 0) -> float | None:
    """The number that an expression of constants is (`60 * 24`, a constant's name); else None."""
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)) and not isinstance(node.value, bool):
        return float(node.value)
    if isinstance(node, ast.Name) and node.id in module.constants and depth < 3:
        return number_of(module, module.constants[node.id], depth + 1)
    if isinstance(node, ast.BinOp) and type(node.op) in _ARITHMETIC:
        left, right = number_of(module, node.left, depth), number_of(module, node.right, depth)
        return None if left is None or right is None else _ARITHMETIC[type(node.op)](left, right)
    return None


def words(name: str) -> list[str]:
    """The words of a name in snake, kebab or camel case, in lower case."""
    spaced = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name)
    return [word for word in re.split(r"[^A-Za-z0-9]+|_", spaced.lower()) if word]


def last_name(node: ast.AST | None) -> str:
    """The last name of a chain (`user.password` -> `password`), of a subscript by text, or empty."""
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        return str(node.slice.value)
    return ""


def names_in(node: ast.AST | None) -> Iterator[str]:
    """Every name and attribute below a node."""
    for each in walk(node) if node is not None else ():
        if isinstance(each, (ast.Name, ast.Attribute)):
            yield last_name(each)


def texts_in(node: ast.AST | None) -> Iterator[str]:
    """Every constant text below a node."""
    for each in walk(node) if node is not None else ():
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield each.value


def parameters(function: FunctionNode) -> list[ast.arg]:
    """Every parameter, without `*` and `**` ones."""
    return [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]


def unread(function: FunctionNode) -> frozenset[str]:
    """The parameters of a function that it never reads; none where its body is only a text, `...`, or raises."""
    telling = [each for each in function.body if not isinstance(each, (ast.Expr, ast.Pass, ast.Raise))]
    if not telling and not any(isinstance(each, ast.Call) for line in function.body for each in walk(line)):
        return frozenset()
    read = {each.id for line in function.body for each in walk(line) if isinstance(each, ast.Name)}
    return frozenset(each.arg for each in parameters(function)) - read


def caught(module: Module, handler: ast.ExceptHandler) -> list[str]:
    """Dotted names of what an `except` catches; [``BaseException``] for a bare one."""
    if handler.type is None:
        return ["BaseException"]
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return [module.dotted(kind) for kind in kinds]
