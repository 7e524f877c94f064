"""Rule raw-body-into-row."""

from __future__ import annotations

from collections.abc import Iterator

from evaluators.code.bodies import raw_into_row
from evaluators.code.facts import Code
from evaluators.finding import Severity
from evaluators.rule import Flaw, rule


@rule("raw-body-into-row", family="code", severity=Severity.WARNING, security=True)
def raw_body_into_row(code: Code) -> Iterator[Flaw]:
    """Whatever the body holds is put into a row.

    Why: The caller adds `"role": "admin"` or `"id": 1`, and it is stored. The fields that may be set are nowhere
    written.

    Bad:
        ```python app/main.py
        from fastapi import FastAPI, Request

        from app.models import User, save

        app = FastAPI()

        @app.post("/users")
        async def create(request: Request):
            data = await request.json()
            return save(User(**data))
        ```

    Good:
        ```python app/main.py
        from fastapi import FastAPI

        from app.models import NewUser, User, save

        app = FastAPI()

        @app.post("/users")
        async def create(body: NewUser):
            return save(User(**body.model_dump()))
        ```

    Boundary:
        ```python app/main.py
        from fastapi import FastAPI, Request
        from pydantic import BaseModel

        from app.models import User, save

        class NewUser(BaseModel):
            name: str

        app = FastAPI()

        @app.post("/users")
        async def create(request: Request):
            data = await request.json()
            checked = NewUser(**data)
            return save(User(name=checked.name))
        ```

    Precision: Follows the raw body within one function into a class that is no class of data of the project, into
    `.values(**data)`, and into setattr in a loop.

    Source: OWASP API3:2023 (mass assignment); CWE-915.
    """
    for route in code.routes:
        call = raw_into_row(code, route)
        if call is not None:
            yield Flaw(
                route.symbol,
                route.module.at(call),
                "Every key of the body becomes an attribute of the row.",
                route.module.source(call),
                "Read the body by a class that names its fields.",
            )
