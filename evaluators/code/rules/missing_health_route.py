"""Rule missing-health-route."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.code.facts import Code
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule

_HEALTH = re.compile(r"health|live|ready|ping|status|heartbeat|up$", re.IGNORECASE)


@rule("missing-health-route", family="code", severity=Severity.INFO, strict=True)
def missing_health_route(code: Code) -> Iterator[Flaw]:
    """A service with many routes has none by which it tells that it lives.

    Why: Whoever runs it has to guess from a business route whether it can take requests.

    Bad:
        ```python app/main.py
        from fastapi import FastAPI

        app = FastAPI()

        @app.get("/a0")
        def a0():
            return {}

        @app.get("/a1")
        def a1():
            return {}

        @app.get("/a2")
        def a2():
            return {}

        @app.get("/a3")
        def a3():
            return {}

        @app.get("/a4")
        def a4():
            return {}

        @app.get("/a5")
        def a5():
            return {}

        @app.get("/a6")
        def a6():
            return {}

        @app.get("/a7")
        def a7():
            return {}
        ```

    Good:
        ```python app/main.py
        from fastapi import FastAPI

        app = FastAPI()

        @app.get("/a0")
        def a0():
            return {}

        @app.get("/a1")
        def a1():
            return {}

        @app.get("/a2")
        def a2():
            return {}

        @app.get("/a3")
        def a3():
            return {}

        @app.get("/a4")
        def a4():
            return {}

        @app.get("/a5")
        def a5():
            return {}

        @app.get("/a6")
        def a6():
            return {}

        @app.get("/health")
        def health():
            return {}
        ```

    Boundary:
        ```python app/main.py
        from fastapi import FastAPI

        app = FastAPI()

        @app.get("/a0")
        def a0():
            return {}

        @app.get("/a1")
        def a1():
            return {}

        @app.get("/a2")
        def a2():
            return {}
        ```

    Precision: In the preset `strict`: a platform may probe otherwise. Services of less than eight routes are left
    out.

    Source: Kubernetes documentation, Liveness, Readiness and Startup Probes.
    """
    mounted = [route for route in code.routes if route.mounted]
    if len(mounted) >= 8 and not any(_HEALTH.search(route.path) for route in mounted):
        yield Flaw(
            "health",
            mounted[0].at,
            f"None of {len(mounted)} routes tells whether the service lives.",
            "",
            "Add /health.",
        )
