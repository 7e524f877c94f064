"""Rule state-in-module-global."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from evaluators.code.alone import alone
from evaluators.code.expressions import words
from evaluators.code.facts import Code, Module
from evaluators.code.walking import walk
from evaluators.rule import Flaw, rule

_FINE = frozenset(
    [
        "cache",
        "cached",
        "memo",
        "registry",
        "handlers",
        "handler",
        "plugins",
        "routes",
        "metrics",
        "hooks",
        "listeners",
        "limits",
        "limit",
        "limiter",
        "buckets",
        "locks",
        "connections",
        "sockets",
        "subscribers",
        "overrides",
        "tasks",
    ]
)
_CHANGES = frozenset(
    ["append", "add", "update", "pop", "setdefault", "remove", "discard", "extend", "insert", "clear", "appendleft"],
)


def _is_empty(module: Module, node: ast.expr) -> bool:
    """Whether a value is an empty container, made to be filled."""
    if isinstance(node, ast.Call):
        made = module.called(node).rpartition(".")[2]
        return made in ("defaultdict", "OrderedDict", "deque", "Counter") or (
            made in ("dict", "list", "set") and not node.args
        )
    return (isinstance(node, ast.Dict) and not node.keys) or (isinstance(node, (ast.List, ast.Set)) and not node.elts)


def _changed(node: ast.AST) -> str:
    """The name of the container that a node changes; empty where it changes none."""
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, (ast.Store, ast.Del)):
        owner: ast.expr = node.value
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _CHANGES:
        owner = node.func.value
    else:
        return ""
    while isinstance(owner, ast.Subscript):
        owner = owner.value
    return owner.id if isinstance(owner, ast.Name) else ""


def _is_local(function: ast.AST, name: str) -> bool:
    """Whether a function has a variable of its own with this name."""
    return any(
        (isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id == name)
        or (isinstance(node, ast.arg) and node.arg == name)
        for node in walk(function)
    )


@alone
@rule("state-in-module-global", family="code")
def state_in_module_global(code: Code) -> Iterator[Flaw]:
    """What must last is kept in a variable of the module.

    Why: It is lost with the process, and every worker has another one: a token
    revoked in one is still good in the next.

    Bad:
        ```python app/main.py
        from fastapi import FastAPI

        app = FastAPI()
        accounts = {}

        @app.put("/accounts/{name}")
        def put(name: str):
            accounts[name] = 0
            return {}
        ```

    Good:
        ```python app/main.py
        from fastapi import FastAPI

        app = FastAPI()
        HANDLERS = {}

        def handles(name: str):
            def register(function):
                HANDLERS[name] = function
                return function
            return register

        @app.get("/names")
        def names():
            found = {}
            found["a"] = 1
            return found
        ```

    Boundary:
        ```python app/main.py
        from fastapi import FastAPI

        app = FastAPI()
        price_cache: dict[str, int] = {}

        @app.get("/prices/{name}")
        def price(name: str):
            price_cache[name] = price_cache.get(name, 0)
            return price_cache[name]
        ```

    Precision: Names that say cache, registry, lock or the like are taken for what they say. A single process that
    is meant to forget is named wrongly.

    Source: The Twelve-Factor App, VI Processes.
    """
    for module in code.own:
        stores = {
            name
            for name, value in module.constants.items()
            if _is_empty(module, value) and not set(words(name)) & _FINE
        }
        seen: set[str] = set()
        for node in module.nodes:
            name = _changed(node)
            function = module.function_around(node)
            if name in stores - seen and function is not None and not _is_local(function, name):
                seen.add(name)
                yield Flaw(
                    f"{module.name}.{name}",
                    module.at(node),
                    f"`{name}` keeps state in this process alone.",
                    module.source(node),
                    "Keep it in the database.",
                )
