"""Rule blocking-call-in-async-route."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from evaluators.code.expressions import parameters
from evaluators.code.facts import Code, Module
from evaluators.code.module import FunctionNode
from evaluators.code.routes import Dependencies
from evaluators.code.walking import walk
from evaluators.rule import Flaw, rule

_BLOCKING = frozenset(
    {
        "time.sleep",
        "urllib.request.urlopen",
        "subprocess.run",
        "subprocess.call",
        "subprocess.check_call",
        "subprocess.check_output",
        "os.system",
        "psycopg.connect",
        "psycopg2.connect",
        "sqlite3.connect",
    }
)
_HTTP = frozenset(
    f"{client}.{verb}"
    for client in ("requests", "httpx")
    for verb in ("get", "post", "put", "patch", "delete", "head", "request")
)
_SESSIONS = ("sqlalchemy.orm.Session", "sqlmodel.Session", "sqlalchemy.orm.session.Session")
_ON_SESSION = ("execute", "scalar", "scalars", "exec", "commit", "flush", "refresh", "get", "query", "rollback")


def _asynchronous(code: Code, table: Dependencies) -> Iterator[tuple[Module, FunctionNode]]:
    """The asynchronous functions that run for a request: routes, what they depend on, middleware."""
    seen: set[ast.AST] = set()
    for route in code.routes:
        behind = [found for key in route.dependencies if (found := table.function(key))]
        for module, function in [(route.module, route.node), *behind]:
            if isinstance(function, ast.AsyncFunctionDef) and function not in seen:
                seen.add(function)
                yield module, function
    for module in code.speaking("middleware", "exception_handler"):
        for function in module.functions:
            around = [module.called(each).rpartition(".")[2] for each in function.decorator_list]
            handles = {"middleware", "exception_handler"} & set(around)
            if handles and isinstance(function, ast.AsyncFunctionDef) and function not in seen:
                yield module, function


def _blocking(module: Module, function: FunctionNode, call: ast.Call, table: Dependencies) -> str:
    """What a call waits for; empty where it does not block."""
    called = module.called(call)
    if called in _BLOCKING or called in _HTTP:
        return called
    owner = call.func.value if isinstance(call.func, ast.Attribute) else None
    if not isinstance(owner, ast.Name) or call.func.attr not in _ON_SESSION:  # type: ignore[attr-defined]
        return ""
    if isinstance(module.parents.get(call), ast.Await):
        return ""
    for parameter in parameters(function):
        if parameter.arg == owner.id and table.meaning(module, parameter.annotation) in _SESSIONS:
            return f"{called} of a synchronous session"
    return ""


@rule("blocking-call-in-async-route", family="code")
def blocking_call_in_async_route(code: Code) -> Iterator[Flaw]:
    """An asynchronous route waits in a way that stops every other request.

    Why: The event loop runs one thing at a time. While it sleeps, asks a database
    or reads a URL in the blocking way, the whole process answers nobody.

    Bad:
        ```python app/main.py
        import time

        from fastapi import FastAPI

        app = FastAPI()

        @app.get("/slow")
        async def slow():
            time.sleep(1)
            return {}
        ```

    Good:
        ```python app/main.py
        import asyncio
        import time

        from fastapi import FastAPI

        app = FastAPI()

        @app.get("/slow")
        async def slow():
            await asyncio.sleep(1)
            return {}

        @app.get("/in-a-thread")
        def in_a_thread():
            time.sleep(1)
            return {}
        ```

    Boundary:
        ```python app/main.py
        import asyncio
        import time

        from fastapi import FastAPI

        app = FastAPI()

        @app.get("/slow")
        async def slow():
            await asyncio.to_thread(time.sleep, 1)
            return {}
        ```

    Precision: Knows the usual blocking calls and synchronous sessions by name and annotation. Slow work of the
    project's own functions is not seen.

    Source: FastAPI documentation, Concurrency and async / await.
    """
    table = code.tools.table
    for module, function in _asynchronous(code, table):
        for call in walk(function):
            if not isinstance(call, ast.Call) or module.function_around(call) is not function:
                continue
            what = _blocking(module, function, call, table)
            if what:
                yield Flaw(
                    f"{module.name}.{function.name}",
                    module.at(call),
                    f"`{what}` blocks the event loop inside the asynchronous `{function.name}`.",
                    module.source(call),
                    "Make it a plain `def` (it then runs in a thread), or await an asynchronous library.",
                )
                break
