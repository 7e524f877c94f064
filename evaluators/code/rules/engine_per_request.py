"""Rule engine-per-request."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from evaluators.code.facts import Code
from evaluators.code.module import FunctionNode, Module
from evaluators.code.walking import walk
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule

_MAKERS = (
    "create_engine",
    "create_async_engine",
    "create_pool",
    "ConnectionPool",
    "AsyncConnectionPool",
    "MongoClient",
)


def made_here(module: Module, function: FunctionNode) -> ast.Call | None:
    """The call by which a function makes an engine each time; None where it keeps it."""
    cached = any(
        "cache" in ast.unparse(each) or "contextmanager" in ast.unparse(each) for each in function.decorator_list
    )
    if cached or any(isinstance(node, (ast.Global, ast.Nonlocal)) for node in walk(function)):
        return None
    for node in walk(function):
        if isinstance(node, ast.Call) and module.called(node).rpartition(".")[2] in _MAKERS:
            parent = module.parents.get(node)
            kept = isinstance(parent, ast.Assign) and not isinstance(parent.targets[0], ast.Name)
            return None if kept else node
    return None


@rule("engine-per-request", family="code", severity=Severity.WARNING)
def engine_per_request(code: Code) -> Iterator[Flaw]:
    """A database engine or pool is made anew for each request.

    Why: A pool that is made for each call pools nothing: each request opens connections of its own and leaves them
    to the collector.

    Bad:
        ```python app/main.py
        from fastapi import FastAPI
        from sqlalchemy import create_engine, text

        app = FastAPI()

        @app.get("/names")
        def names():
            engine = create_engine("sqlite:///app.db")
            with engine.connect() as connection:
                return connection.execute(text("SELECT name FROM users LIMIT 9")).scalars().all()
        ```

    Good:
        ```python app/main.py
        from fastapi import FastAPI
        from sqlalchemy import create_engine, text

        app = FastAPI()

        engine = create_engine("sqlite:///app.db")

        @app.get("/names")
        def names():
            with engine.connect() as connection:
                return connection.execute(text("SELECT name FROM users LIMIT 9")).scalars().all()
        ```

    Boundary:
        ```python app/main.py
        from functools import lru_cache

        from fastapi import FastAPI
        from sqlalchemy import create_engine, text

        app = FastAPI()

        @lru_cache
        def engine():
            return create_engine("sqlite:///app.db")

        @app.get("/names")
        def names():
            with engine().connect() as connection:
                return connection.execute(text("SELECT name FROM users LIMIT 9")).scalars().all()
        ```

    Precision: Looks at routes, their dependencies and what they call. Functions that are cached, set a global, or
    test whether there is one already are left out.

    Source: SQLAlchemy documentation, Engine Configuration; asyncpg documentation, Connection Pools.
    """
    seen: set[ast.AST] = set()
    for route in code.routes:
        behind = [(route.module, route.node), *filter(None, map(code.tools.table.function, route.dependencies))]
        for start in behind:
            for module, function in code.tools.callees.reach(*start):
                if function in seen:
                    continue
                seen.add(function)
                call = made_here(module, function)
                if call is not None:
                    yield Flaw(
                        f"{module.name}.{module.qualified(function)}",
                        module.at(call),
                        f"`{module.called(call)}` is called for each request.",
                        module.source(call),
                        "Make it once, when the application starts.",
                    )
