"""Rule personal-answer-cached-by-url."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from evaluators.code.alone import alone
from evaluators.code.expressions import names_in, texts_in, words
from evaluators.code.facts import Code, Module
from evaluators.code.walking import walk
from evaluators.rule import Flaw, rule

_METHODS = ("get", "set", "setex", "add", "setdefault")
_WHO = {
    "user",
    "owner",
    "sub",
    "subject",
    "account",
    "tenant",
    "identity",
    "session",
    "token",
    "authorization",
    "principal",
}


def _key(node: ast.AST) -> ast.expr | None:
    """The key with which a node reads or writes something called a cache; else None."""
    if isinstance(node, ast.Subscript):
        owner, key = node.value, node.slice
    elif (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _METHODS and node.args
    ):
        owner, key = node.func.value, node.args[0]
    else:
        return None
    named = {word for name in names_in(owner) for word in words(name)}
    return key if named & {"cache", "caches", "cached", "redis"} else None


def _is_address_alone(module: Module, node: ast.AST, key: ast.expr) -> bool:
    """Whether the key is the request's address without who asks."""
    if isinstance(key, ast.Name):
        function = module.function_around(node)
        given = [
            sub.value
            for sub in (walk(function) if function else ())
            if isinstance(sub, ast.Assign) and any(isinstance(t, ast.Name) and t.id == key.id for t in sub.targets)
        ]
        key = given[0] if given else key
    names = [module.dotted(sub) for sub in walk(key) if isinstance(sub, ast.Attribute)]
    addressed = any(name.endswith(("request.url", "request.url.path", "req.url")) for name in names)
    said = [*names_in(key), *texts_in(key)]
    return addressed and not {word for name in said for word in words(name)} & _WHO


@alone
@rule("personal-answer-cached-by-url", family="code", security=True)
def personal_answer_cached_by_url(code: Code) -> Iterator[Flaw]:
    """A cache of answers is keyed by the address alone, where the answer depends on who asks.

    Why: The first user's answer is given to everybody who asks for the same address.

    Bad:
        ```python app/main.py
        from fastapi import Depends, FastAPI, Request

        from app.auth import current_user
        from app.store import cache, load

        app = FastAPI()

        @app.get("/me/orders")
        def orders(request: Request, user=Depends(current_user)):
            cached = cache.get(str(request.url))
            return cached or load(user)
        ```

    Good:
        ```python app/main.py
        from fastapi import Depends, FastAPI, Request

        from app.auth import current_user
        from app.store import cache, load

        app = FastAPI()

        @app.get("/me/orders")
        def orders(request: Request, user=Depends(current_user)):
            cached = cache.get(f"{user}:{request.url}")
            return cached or load(user)
        ```

    Boundary:
        ```python app/main.py
        from fastapi import FastAPI, Request

        from app.store import cache, load

        app = FastAPI()

        @app.get("/prices")
        def prices(request: Request):
            return cache.get(request.url.path + request.headers["authorization"]) or load()
        ```

    Precision: Goes by names: something called a cache, a key with the request's address and no word for who asks.
    Public answers that are cached so are named too.

    Source: CWE-524; RFC 9111 section 7.3.
    """
    for module in code.own:
        seen: set[str] = set()
        if "url" not in module.text:
            continue
        for node in module.nodes:
            key = _key(node)
            if key is None or not _is_address_alone(module, node, key):
                continue
            where = f"{module.name}.{module.qualified(node)}"
            if where not in seen:
                seen.add(where)
                yield Flaw(
                    where,
                    module.at(node),
                    "Answers are cached by their address, whoever asks.",
                    module.source(node),
                    "Put the user into the key, or cache only what is the same for all.",
                )
