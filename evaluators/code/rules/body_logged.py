"""Rule body-logged."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.code.bodies import whole_body
from evaluators.code.facts import Code
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("body-logged", family="code", severity=Severity.WARNING, security=True)
def body_logged(code: Code) -> Iterator[Flaw]:
    """A whole request or its body is written to the log.

    Why: Bodies hold passwords, addresses and cards. Logs are copied, shipped and kept, and nobody deletes from
    them.

    Bad:
        ```python app/main.py
        import logging

        from fastapi import FastAPI
        from pydantic import BaseModel

        logger = logging.getLogger(__name__)

        class NewUser(BaseModel):
            name: str
            password: str

        app = FastAPI()

        @app.post("/users")
        def create(body: NewUser):
            logger.info("new user: %s", body)
            return {}
        ```

    Good:
        ```python app/main.py
        import logging

        from fastapi import FastAPI
        from pydantic import BaseModel

        logger = logging.getLogger(__name__)

        class NewUser(BaseModel):
            name: str
            password: str

        app = FastAPI()

        @app.post("/users")
        def create(body: NewUser):
            logger.info("new user: %s", body.name)
            return {}
        ```

    Boundary:
        ```python app/main.py
        import logging

        from fastapi import FastAPI
        from pydantic import BaseModel

        logger = logging.getLogger(__name__)

        class Point(BaseModel):
            x: int
            y: int

        app = FastAPI()

        @app.post("/points")
        def create(body: Point):
            logger.info("new point: %s", body)
            return {}
        ```

    Precision: Bodies of classes with a field that is secret or personal, raw bodies (`await request.body()`,
    `request.json`), and headers as a whole. Bodies of other classes are fine.

    Source: OWASP Logging Cheat Sheet; CWE-532.
    """
    for log in code.logs:
        routes = [route for route in code.routes if route.node is log.module.function_around(log.node)]
        what = whole_body(code, log, routes)
        if what:
            yield Flaw(
                log.function,
                log.at,
                f"`{what}` is written to the log as a whole.",
                log.module.source(log.node),
                "Log an id, and the fields that nobody minds.",
            )
