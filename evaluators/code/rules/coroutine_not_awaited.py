"""Rule coroutine-not-awaited."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from evaluators.code.facts import Code, Module
from evaluators.code.walking import walk
from evaluators.rule import Flaw, rule


def _dropped(node: ast.AST) -> ast.Call | None:
    """The call of a statement that is nothing but a call; else None."""
    return node.value if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) else None


def _is_known_name(module: Module, call: ast.Call) -> bool:
    """Whether the called name is not a variable of the function around."""
    function = module.function_around(call)
    stored = (
        {sub.id for sub in walk(function) if isinstance(sub, ast.Name) and isinstance(sub.ctx, ast.Store)}
        if function
        else set()
    )
    root = call.func
    while isinstance(root, ast.Attribute):
        root = root.value
    return isinstance(root, ast.Name) and root.id not in stored


@rule("coroutine-not-awaited", family="code")
def coroutine_not_awaited(code: Code) -> Iterator[Flaw]:
    """An asynchronous function is called and never awaited.

    Why: The call only makes a coroutine; nothing of the function runs, and no
    error says so.

    Bad:
        ```python app/main.py
        from app.mail import send

        async def register(address: str):
            send(address)
        ```

        ```python app/mail.py
        async def send(address: str):
            return address
        ```

    Good:
        ```python app/main.py
        import asyncio

        from app.mail import send

        async def register(address: str):
            await send(address)
            task = asyncio.create_task(send(address))
            await task
        ```

        ```python app/mail.py
        async def send(address: str):
            return address
        ```

    Boundary:
        ```python app/main.py
        from app.mail import send

        def later(address: str):
            return send(address)
        ```

        ```python app/mail.py
        async def send(address: str):
            return address
        ```

    Precision: Only functions of the project whose call stands alone as a statement. Methods of objects whose class
    cannot be told are left out.

    Source: Python documentation, Developing with asyncio, Detect never-awaited coroutines.
    """
    table = code.tools.table
    for module in code.own if any("async" in module.text for module in code.own) else ():
        if not module.known("drops calls", lambda module: any(_dropped(node) for node in module.nodes)):
            continue
        for node in module.nodes:
            call = _dropped(node)
            if call is None or not _is_known_name(module, call):
                continue
            found = table.function(table.resolve(module, call.func))
            if found is not None and isinstance(found[1], ast.AsyncFunctionDef):
                yield Flaw(
                    f"{module.name}.{module.qualified(call)}.{found[1].name}",
                    module.at(call),
                    f"`{found[1].name}` is asynchronous and is not awaited, so it never runs.",
                    module.source(call),
                    "Await it.",
                )
