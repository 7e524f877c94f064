"""Rule connection-left-open."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from evaluators.code.alone import alone
from evaluators.code.facts import Code
from evaluators.code.module import FunctionNode, Module
from evaluators.code.walking import walk
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule

_OPENS = (
    "psycopg.connect", "psycopg2.connect", "sqlite3.connect", "asyncpg.connect", "pymysql.connect", "aiosqlite.connect",
    "sqlalchemy.orm.Session", "sqlalchemy.ext.asyncio.AsyncSession", "sqlmodel.Session", "SessionLocal",
    "psycopg.AsyncConnection.connect", "psycopg.Connection.connect", "pyodbc.connect", "MySQLdb.connect",
)  # fmt: skip


def opened(module: Module, function: FunctionNode) -> Iterator[tuple[str, ast.Call]]:
    """(name, call) of each connection that a function opens into a variable."""
    for node in module.within(function):
        if not isinstance(node, ast.Assign) or module.function_around(node) is not function:
            continue
        value = node.value.value if isinstance(node.value, ast.Await) else node.value
        called = module.called(value)
        known = called in _OPENS or called.endswith(".SessionLocal")
        if isinstance(value, ast.Call) and known and isinstance(node.targets[0], ast.Name):
            yield node.targets[0].id, value


def is_kept(module: Module, function: FunctionNode, name: str) -> bool:
    """Whether a variable is closed, entered, returned, yielded, stored or handed on."""
    for node in walk(function):
        if not isinstance(node, ast.Name) or node.id != name or not isinstance(node.ctx, ast.Load):
            continue
        parent = module.parents.get(node)
        if not isinstance(parent, ast.Attribute) or parent.attr in ("close", "aclose", "__enter__"):
            return True
    return any(isinstance(each, ast.Global) and name in each.names for each in walk(function))


@alone
@rule("connection-left-open", family="code", severity=Severity.WARNING)
def connection_left_open(code: Code) -> Iterator[Flaw]:
    """A connection or session is opened in a function and not closed on every way out.

    Why: Each call leaves one behind; when the pool or the server's limit is used up, every request waits and
    fails.

    Bad:
        ```python app/store.py
        import psycopg

        def names(address: str):
            connection = psycopg.connect(address)
            return connection.execute("SELECT name FROM users LIMIT 9").fetchall()
        ```

    Good:
        ```python app/store.py
        import psycopg

        def names(address: str):
            with psycopg.connect(address) as connection:
                return connection.execute("SELECT name FROM users LIMIT 9").fetchall()
        ```

    Boundary:
        ```python app/store.py
        import psycopg
        from sqlalchemy.orm import Session

        def connect(address: str):
            connection = psycopg.connect(address)
            connection.execute("SET search_path TO app")
            return connection

        def session(engine):
            opened = Session(engine)
            try:
                yield opened
            finally:
                opened.close()
        ```

    Precision: Connections that are returned, yielded, stored on an object, handed to another call or closed
    anywhere in the function are left out, so an early return between open and close is missed.

    Source: PEP 343; CWE-404.
    """
    for module in code.own:
        for function in module.functions:
            for name, call in opened(module, function):
                if not is_kept(module, function, name):
                    made = module.called(call)
                    yield Flaw(
                        f"{module.name}.{module.qualified(function)}.{name}",
                        module.at(call),
                        f"What `{made}` opens is not closed here.",
                        module.source(call),
                        "Open it by `with`.",
                    )
