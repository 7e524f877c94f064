"""Rule shadowed-route."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from evaluators.code.facts import Code
from evaluators.code.routes import Route
from evaluators.code.walking import walk
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


def covers(first: str, second: str) -> bool:
    """Whether every address of the second path fits the first, which has a parameter where the second has a word."""
    left, right = first.strip("/").split("/"), second.strip("/").split("/")
    if len(left) != len(right):
        return False
    return all(a == b or (a[:1] == "{" and a[-1:] == "}") for a, b in zip(left, right, strict=True))


def has_converter(route: Route) -> bool:
    """Whether a route's own text narrows its parameters (`{id:int}`)."""
    return any(
        isinstance(each, ast.Constant) and isinstance(each.value, str) and re.search(r"\{\w+:\w+\}", each.value)
        for decorator in route.node.decorator_list
        for each in walk(decorator)
    )


@rule("shadowed-route", family="code", severity=Severity.WARNING)
def shadowed_route(code: Code) -> Iterator[Flaw]:
    """A route can never be reached: one before it takes the same addresses.

    Why: Frameworks take the first route that fits. `/items/{id}` before `/items/recent` reads `recent` as an id.

    Bad:
        ```python app/main.py
        from fastapi import FastAPI

        app = FastAPI()

        @app.get("/items/{item_id}")
        def item(item_id: int):
            return {}

        @app.get("/items/recent")
        def recent():
            return []
        ```

    Good:
        ```python app/main.py
        from fastapi import FastAPI

        app = FastAPI()

        @app.get("/items/recent")
        def recent():
            return []

        @app.get("/items/{item_id}")
        def item(item_id: int):
            return {}
        ```

    Boundary:
        ```python app/main.py
        from fastapi import FastAPI

        app = FastAPI()

        @app.get("/items/{item_id:int}")
        def item(item_id: int):
            return {}

        @app.get("/items/recent")
        def recent():
            return []

        @app.get("/items/{item_id}/parts")
        def parts(item_id: int):
            return []
        ```

    Precision: FastAPI's routes of one file in the order in which they are written; routes of several routers are
    not compared. Flask and Django sort by how exact a route is, or are left out.

    Source: FastAPI documentation, Path Parameters: order matters.
    """
    for module in code.own if code.routes else ():
        routes = sorted((r for r in code.routes if r.module is module and r.framework == "fastapi"), key=lambda r: r.at)
        for number, route in enumerate(routes):
            for earlier in routes[:number]:
                same = earlier.method == route.method and earlier.node is not route.node
                if same and covers(earlier.path, route.path) and not has_converter(earlier):
                    yield Flaw(
                        route.symbol,
                        route.at,
                        f"{route.symbol} is never reached: {earlier.symbol} before it takes its addresses.",
                        "",
                        "Put the exact path before the one with a parameter.",
                        (earlier.at,),
                    )
                    break
