"""Rule exception-message-in-response."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from evaluators.code.expressions import caught, parameters
from evaluators.code.facts import Code, Module
from evaluators.code.module import FunctionNode
from evaluators.code.routes import METHODS
from evaluators.code.walking import walk
from evaluators.rule import Flaw, rule

_FOREIGN = ("sqlalchemy.", "psycopg.", "psycopg2.", "asyncpg.", "httpx.", "requests.", "redis.")
_ANSWERS = ("HTTPException", "JSONResponse", "Response", "PlainTextResponse", "HTMLResponse", "ORJSONResponse")


def _is_foreign(kinds: list[str]) -> bool:
    """Whether any of the caught kinds carries a message that was not made for callers."""
    return any(kind in ("Exception", "BaseException", "OSError") or kind.startswith(_FOREIGN) for kind in kinds)


def _handles_foreign(module: Module, function: FunctionNode) -> bool:
    """Whether a function is registered as the handler of every exception."""
    return any(
        isinstance(each, ast.Call)
        and module.called(each).endswith(".exception_handler")
        and bool(each.args)
        and _is_foreign([module.dotted(each.args[0])])
        for each in function.decorator_list
    )


def _leaks(module: Module, body: list[ast.stmt], name: str) -> Iterator[Flaw]:
    """The first place in an error's handling where its text goes into an answer."""
    for statement in body:
        for node in walk(statement):
            if _is_text_of(node, name) and _is_answer(module, node):
                yield _flaw(module, node)
                return


def _is_text_of(node: ast.AST, name: str) -> bool:
    """Whether a node is the text of the error called `name`."""
    if isinstance(node, ast.FormattedValue):
        return ast.unparse(node.value) in (name, f"{name}.orig", f"{name}.args")
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("str", "repr") and node.args:
        inner = node.args[0]
        while isinstance(inner, ast.Attribute):
            inner = inner.value
        return isinstance(inner, ast.Name) and inner.id == name
    return isinstance(node, ast.Attribute) and node.attr == "args" and ast.unparse(node.value) == name


def _is_answer(module: Module, node: ast.AST) -> bool:
    """Whether a node stands inside what is answered."""
    current: ast.AST | None = node
    while current is not None and not isinstance(current, FunctionNode):
        if isinstance(current, ast.Return) and _answers(module, current):
            return True
        if isinstance(current, ast.Call) and module.called(current).rpartition(".")[2] in _ANSWERS:
            return True
        current = module.parents.get(current)
    return False


def _answers(module: Module, node: ast.Return) -> bool:
    """Whether a function's result is an answer: a route, or a handler of exceptions."""
    function = module.function_around(node)
    around = [module.called(each).rpartition(".")[2] for each in function.decorator_list] if function else []
    return bool({*METHODS, "api_route", "exception_handler"} & set(around))


def _flaw(module: Module, node: ast.AST) -> Flaw:
    """The finding at a node."""
    return Flaw(
        f"{module.name}.{module.qualified(node)}",
        module.at(node),
        "The text of an unexpected error is sent to the caller.",
        module.source(node),
        "Log it, and answer with a fixed sentence.",
    )


@rule("exception-message-in-response", family="code", security=True)
def exception_message_in_response(code: Code) -> Iterator[Flaw]:
    """The message of an unexpected error is sent to the caller.

    Why: It holds SQL, paths, addresses and values of other people. It belongs
    into the log. An error of one's own, with a message made for callers, is fine.

    Bad:
        ```python app/main.py
        from fastapi import FastAPI, HTTPException

        app = FastAPI()

        @app.get("/report")
        def report():
            try:
                return {"rows": load()}
            except Exception as error:
                raise HTTPException(status_code=500, detail=str(error))
        ```

    Good:
        ```python app/main.py
        from fastapi import FastAPI, HTTPException

        app = FastAPI()

        class Closed(Exception):
            pass

        @app.get("/report")
        def report():
            try:
                return {"rows": load()}
            except Closed as error:
                raise HTTPException(status_code=409, detail=str(error))
            except Exception:
                logger.exception("the report failed")
                raise HTTPException(status_code=500, detail="The report could not be made.")
        ```

    Boundary:
        ```python app/main.py
        from fastapi import FastAPI, HTTPException

        app = FastAPI()

        @app.get("/report")
        def report():
            try:
                return {"rows": load()}
            except ValueError as error:
                raise HTTPException(status_code=422, detail=str(error))
        ```

    Precision: Errors of the project and ValueError have messages that are often made for callers, so they are left
    out. Messages that are first put into a variable are not followed.

    Source: OWASP API8:2023; CWE-209.
    """
    for module in code.speaking("except", "traceback"):
        for node in module.nodes:
            if isinstance(node, ast.ExceptHandler) and node.name and _is_foreign(caught(module, node)):
                yield from _leaks(module, node.body, node.name)
            elif isinstance(node, FunctionNode) and len(node.args.args) >= 2 and _handles_foreign(module, node):
                yield from _leaks(module, node.body, parameters(node)[1].arg)
        for call in module.calls:
            if module.called(call).startswith("traceback.format_exc") and _is_answer(module, call):
                yield _flaw(module, call)
