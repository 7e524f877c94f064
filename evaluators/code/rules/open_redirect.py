"""Rule open-redirect."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from evaluators.code.addresses import first_part
from evaluators.code.expressions import keyword
from evaluators.code.facts import Code
from evaluators.code.inputs import chosen, holds, tested
from evaluators.code.walking import walk
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule

_REDIRECTS = ("RedirectResponse", "redirect", "HttpResponseRedirect", "Redirect")


@rule("open-redirect", family="code", severity=Severity.WARNING, security=True)
def open_redirect(code: Code) -> Iterator[Flaw]:
    """A redirect goes to an address that the caller chooses.

    Why: A link to your service takes people to somebody else's: it is what phishing mails want.

    Bad:
        ```python app/main.py
        from fastapi import FastAPI
        from fastapi.responses import RedirectResponse

        app = FastAPI()

        @app.get("/login/done")
        def done(next: str = "/"):
            return RedirectResponse(next)
        ```

    Good:
        ```python app/main.py
        from fastapi import FastAPI
        from fastapi.responses import RedirectResponse

        app = FastAPI()

        PAGES = {"home": "/", "orders": "/orders"}

        @app.get("/login/done")
        def done(next: str = "home"):
            return RedirectResponse(PAGES.get(next, "/"))
        ```

    Boundary:
        ```python app/main.py
        from fastapi import FastAPI
        from fastapi.responses import RedirectResponse

        app = FastAPI()

        @app.get("/old/{slug}")
        def old(slug: str):
            return RedirectResponse(f"/articles/{slug}")

        @app.get("/done")
        def done(next: str = "/"):
            if not next.startswith("/") or next.startswith("//"):
                next = "/"
            return RedirectResponse(next)
        ```

    Precision: Only where the input is the beginning of the address: behind a fixed host or path it is fine. A test
    of the value counts as safe.

    Source: CWE-601; OWASP Unvalidated Redirects and Forwards.
    """
    for route in code.routes:
        names = chosen(route, code.tools.table)
        for call in (node for node in walk(route.node) if isinstance(node, ast.Call)):
            if route.module.called(call).rpartition(".")[2] not in _REDIRECTS:
                continue
            target = first_part(call.args[0] if call.args else keyword(call, "url"))
            source = holds(route.module, target, names) if target is not None else ""
            if source and not tested(route.module, route.node, source):
                yield Flaw(
                    route.symbol,
                    route.module.at(call),
                    f"The redirect goes where `{source}` says, which the caller chooses.",
                    route.module.source(call),
                    "Take the address from a list, or allow paths of your own only.",
                )
