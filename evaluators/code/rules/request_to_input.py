"""Rule request-to-input."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from evaluators.code.addresses import first_part, requested
from evaluators.code.facts import Code
from evaluators.code.inputs import chosen, holds, tested
from evaluators.code.walking import walk
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("request-to-input", family="code", severity=Severity.WARNING, security=True)
def request_to_input(code: Code) -> Iterator[Flaw]:
    """The service calls an address that the caller chooses.

    Why: From inside it reaches what nobody outside does: databases, metadata of the cloud, other services.

    Bad:
        ```python app/main.py
        import httpx
        from fastapi import FastAPI

        app = FastAPI()

        @app.post("/preview")
        def preview(url: str):
            return httpx.get(url, timeout=5).text
        ```

    Good:
        ```python app/main.py
        import httpx
        from fastapi import FastAPI

        app = FastAPI()

        SOURCES = {"news": "https://news.example/feed", "rates": "https://rates.example/today"}

        @app.post("/preview")
        def preview(source: str):
            return httpx.get(SOURCES[source], timeout=5).text
        ```

    Boundary:
        ```python app/main.py
        import httpx
        from fastapi import FastAPI

        app = FastAPI()

        @app.get("/weather/{city}")
        def weather(city: str):
            return httpx.get(f"https://weather.example/{city}", params={"q": city}, timeout=5).json()
        ```

    Precision: Only where the input is the beginning of the address, within the route's own function. A test of the
    value, or a call named like a check, counts as safe.

    Source: OWASP API7:2023 Server Side Request Forgery; CWE-918.
    """
    for route in code.routes:
        names = chosen(route, code.tools.table)
        for call in (node for node in walk(route.node) if isinstance(node, ast.Call)):
            target = first_part(requested(route.module, call))
            source = holds(route.module, target, names) if target is not None else ""
            if source and not tested(route.module, route.node, source):
                yield Flaw(
                    route.symbol,
                    route.module.at(call),
                    f"The service calls `{source}`, which the caller chooses.",
                    route.module.source(call),
                    "Take the address from a list; else allow hosts by name and refuse private networks.",
                )
