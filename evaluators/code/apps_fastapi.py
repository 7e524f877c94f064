"""What makes a FastAPI app or router: the classes themselves, classes of the project that derive, functions."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from evaluators.code.depends import Dependencies
from evaluators.code.module import FunctionNode, Module
from evaluators.code.walking import children

_WORDS = ("FastAPI", "APIRouter")
_DEPTH = 4
"""Steps that are followed from a call to the class: functions that call functions, classes that derive."""


@dataclass(frozen=True)
class Made:
    """How an app or a router comes to be."""

    is_app: bool
    module: Module
    """Where the call stands."""
    call: ast.Call
    """The call of the class."""


def making(modules: tuple[Module, ...], table: Dependencies) -> list[Module]:
    """The modules that name an app's or a router's class, or what the project makes of one; others are not read."""
    known = set(_WORDS)
    found: list[Module] = []
    for _ in range(_DEPTH):
        fresh = [module for module in modules if module not in found and module.speaks(known)]
        found += fresh
        named = {name for module in fresh for name in _named(module, table)}
        if named <= known:
            break
        known |= named
    return [module for module in modules if module in found]


def _named(module: Module, table: Dependencies) -> list[str]:
    """The classes of a module that derive from an app's or a router's, and its functions that make one."""
    classes = [name for name, node in module.classes.items() if _derived(module, node, table, _DEPTH) is not None]
    functions = [node for node in module.tree.body if isinstance(node, FunctionNode)]
    return [*classes, *(each.name for each in functions if _given_back(module, each, table, _DEPTH) is not None)]


def made_by(module: Module, value: ast.expr, table: Dependencies, depth: int = _DEPTH) -> Made | None:
    """The app or router that an expression makes, or None.

    A router by a function, or of a class with an `__init__` of its own, is left
    out: its prefix cannot be told.
    """
    if not isinstance(value, ast.Call) or depth == 0:
        return None
    name = module.called(value).rpartition(".")[2]
    if name in _WORDS:
        return Made(name == "FastAPI", module, value)
    key = table.resolve(module, value.func)
    known = table.class_of(key)
    if known is not None:
        is_app = _derived(*known, table, depth)
        return Made(is_app, module, value) if is_app is not None else None
    function = table.function(key)
    made = _given_back(*function, table, depth) if function is not None else None
    return made if made is not None and made.is_app else None


def _derived(module: Module, node: ast.ClassDef, table: Dependencies, depth: int) -> bool | None:
    """Whether a class derives from the app's (True) or from the router's (False); None for neither."""
    for base in node.bases if depth else ():
        name = module.dotted(base).rpartition(".")[2]
        parent = table.class_of(table.resolve(module, base))
        if name == "FastAPI":
            return True
        if name == "APIRouter":
            own = any(isinstance(each, FunctionNode) and each.name == "__init__" for each in node.body)
            return None if own else False
        if parent is not None and parent[1] is not node:
            found = _derived(*parent, table, depth - 1)
            if found is not None:
                return found
    return None


def _given_back(module: Module, function: FunctionNode, table: Dependencies, depth: int) -> Made | None:
    """The app or router that a function makes and gives back, or None."""
    for each in _returns(function):
        value: ast.expr | None = each.value
        if isinstance(value, ast.Name):
            assigned = module.assigned(function).get(value.id, [])
            value = assigned[0].value if assigned else None
        made = made_by(module, value, table, depth - 1) if value is not None else None
        if made is not None:
            return made
    return None


def _returns(function: FunctionNode) -> list[ast.Return]:
    """The `return`s of a function, without those of functions and classes inside it."""
    found: list[ast.Return] = []
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, ast.Return):
            found.append(node)
        elif not isinstance(node, (FunctionNode, ast.ClassDef, ast.expr)):
            waiting.extend(children(node))
    return found
