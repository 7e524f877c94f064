"""Rule unguarded-sibling."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evaluators.code.facts import Code
from evaluators.code.routes import Route
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule

_PREFIX = re.compile(r"api|v\d+|rest|public|admin", re.IGNORECASE)
_OPEN = re.compile(
    r"log_?in|log_?out|sign|regist|token|auth|password|reset|forgot|verif|confirm|webhook|callback|hook|invit|subscri"
    r"|contact|public|health|track|refresh|activat|session|guest|anonym|oauth|sso",
    re.IGNORECASE,
)


@rule("unguarded-sibling", family="code", severity=Severity.WARNING, security=True)
def unguarded_sibling(code: Code) -> Iterator[Flaw]:
    """One writing route asks nobody who is there, and all its siblings do.

    Why: It is the one that was added later, or moved. Anybody can call it.

    Bad:
        ```python app/main.py
        from fastapi import Depends, FastAPI

        from app.auth import current_user

        app = FastAPI()

        @app.post("/items")
        def create(user: str = Depends(current_user)):
            return {}

        @app.put("/items/{item_id}")
        def change(item_id: int, user: str = Depends(current_user)):
            return {}

        @app.post("/items/{item_id}/stock")
        def stock(item_id: int, user: str = Depends(current_user)):
            return {}

        @app.delete("/items/{item_id}")
        def remove(item_id: int):
            return {}
        ```

    Good:
        ```python app/main.py
        from fastapi import Depends, FastAPI

        from app.auth import current_user

        app = FastAPI()

        @app.post("/items")
        def create(user: str = Depends(current_user)):
            return {}

        @app.put("/items/{item_id}")
        def change(item_id: int, user: str = Depends(current_user)):
            return {}

        @app.post("/items/{item_id}/stock")
        def stock(item_id: int, user: str = Depends(current_user)):
            return {}

        @app.delete("/items/{item_id}")
        def remove(item_id: int, user: str = Depends(current_user)):
            return {}
        ```

    Boundary:
        ```python app/main.py
        from fastapi import Depends, FastAPI

        from app.auth import current_user

        app = FastAPI()

        @app.post("/users/invite")
        def invite(user: str = Depends(current_user)):
            return {}

        @app.put("/users/{user_id}")
        def change(user_id: int, user: str = Depends(current_user)):
            return {}

        @app.delete("/users/{user_id}")
        def remove(user_id: int, user: str = Depends(current_user)):
            return {}

        @app.post("/users/login")
        def login(name: str):
            return {}
        ```

    Precision: Compares writing routes that begin with the same segment: at least three, and all others guarded.
    Routes to log in, register, reset, confirm, subscribe and webhooks are left out, and every route
    where a middleware may guard.

    Source: OWASP API5:2023 Broken Function Level Authorization; CWE-306.
    """
    families: dict[str, list[Route]] = {}
    for route in code.routes:
        if route.method in ("POST", "PUT", "PATCH", "DELETE") and route.mounted and not route.perhaps_guarded:
            segments = [each for each in route.path.split("/") if each and not _PREFIX.fullmatch(each)]
            families.setdefault(segments[0] if segments else "", []).append(route)
    for family in families.values():
        bare = [route for route in family if not route.guards]
        if len(family) > 3 and len(bare) == 1 and not _OPEN.search(f"{bare[0].path} {bare[0].function}"):
            yield Flaw(
                bare[0].symbol,
                bare[0].at,
                f"{bare[0].symbol} asks nobody who is there, and its {len(family) - 1} siblings do.",
                "",
                "Give it the dependency of its siblings.",
            )
