"""Guest program: mounts a part (a dependency or a middleware) on a protected route.

Started as `uvicorn mounted:app`; PART_MODULE and PART_SYMBOL name the part.
`GET /open` needs nothing. `GET /protected` needs the part and answers
{"seen": TEXT}, the identity as the route sees it.
"""

from __future__ import annotations

import importlib
import inspect
import json
import os
from typing import Any

from fastapi import Depends, FastAPI, Request
from fastapi.encoders import jsonable_encoder

part: Any = importlib.import_module(os.environ["PART_MODULE"])
for name in os.environ["PART_SYMBOL"].split("."):
    part = getattr(part, name)


def seen(value: Any) -> str:
    """What a route can see of an identity, as text."""
    try:
        return json.dumps(jsonable_encoder(value))
    except Exception:
        return repr(getattr(value, "__dict__", value))


def is_asgi(value: Any) -> bool:
    """Whether a class is a middleware: made of an app, called with scope, receive and send."""
    if not inspect.isclass(value):
        return False
    return hasattr(value, "dispatch") or "app" in inspect.signature(value).parameters


def switch(others: Any, guarded: Any) -> Any:
    """An application that leads /protected to `guarded` and all else to `others`."""

    async def lead(scope: Any, receive: Any, send: Any) -> None:
        chosen = guarded if scope.get("path") == "/protected" else others
        await chosen(scope, receive, send)

    return lead


plain = FastAPI()
app: Any = plain


@plain.get("/open")
def opened() -> dict[str, bool]:
    """Answers everybody."""
    return {"open": True}


if is_asgi(part):
    guarded = FastAPI()
    guarded.add_middleware(part)

    @guarded.get("/protected")
    async def behind(request: Request) -> dict[str, str]:
        """What the middleware left on the request."""
        return {
            "seen": seen([getattr(request.state, "_state", {}), request.scope.get("user"), request.scope.get("auth")])
        }

    app = switch(plain, guarded)
else:
    # A class whose objects are called (`JWTBearer()`) is a dependency by its object.
    made: Any = part() if inspect.isclass(part) and "__call__" in vars(part) else part

    @plain.get("/protected")
    async def protected(identity: Any = Depends(made)) -> dict[str, str]:  # noqa: B008  (FastAPI's way)
        """What the dependency returned."""
        return {"seen": seen(identity)}
