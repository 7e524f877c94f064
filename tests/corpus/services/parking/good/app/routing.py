"""The route class: the key first, then the body, then the framework."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope

from app.database import get_database
from app.errors import InvalidBody
from app.identity import Identity
from app.security import authenticate

MAX_BODY_BYTES = 65536
# A body that is too large is read a little further, so that the client gets
# to read the answer.
DRAIN_BYTES = 1048576
BODY_SECONDS = 5


class JsonRequest(Request):
    """A request whose body has been read and parsed."""

    def __init__(
        self, scope: Scope, receive: Receive, raw: bytes, value: Any
    ) -> None:
        """Keep the body."""
        super().__init__(scope, receive)
        self._parking_raw = raw
        self._parking_value = value

    async def body(self) -> bytes:
        """Return the body as it came."""
        return self._parking_raw

    async def json(self) -> Any:
        """Return the parsed body."""
        return self._parking_value


def _refuse_constant(_name: str) -> Any:
    raise ValueError("not JSON")


def parse(raw: bytes) -> Any:
    """Parse a body; whatever is not JSON in UTF-8 is refused."""
    try:
        value = json.loads(
            raw.decode("utf-8"), parse_constant=_refuse_constant
        )
        # Fails for lone surrogates, in names as in values.
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError):
        raise InvalidBody("The body is not valid JSON.") from None
    return value


async def read_body(request: Request) -> bytes:
    """Read the body up to its limit."""
    kept = bytearray()
    total = 0
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.stream():
                total += len(chunk)
                if total <= MAX_BODY_BYTES:
                    kept.extend(chunk)
                elif total > DRAIN_BYTES:
                    break
    except (TimeoutError, ClientDisconnect):
        raise InvalidBody("The body did not arrive.") from None
    if total > MAX_BODY_BYTES:
        raise InvalidBody("The body is larger than 65536 bytes.")
    return bytes(kept)


async def with_json(request: Request) -> JsonRequest:
    """Read and parse the body of a request."""
    raw = await read_body(request)
    if not raw:
        raise InvalidBody("A JSON body is required.")
    content_type = request.headers.get("content-type", "")
    if content_type.split(";")[0].strip().lower() != "application/json":
        raise InvalidBody("The content type must be application/json.")
    return JsonRequest(request.scope, request.receive, raw, parse(raw))


def _identify(key: str | None) -> Identity:
    return authenticate(get_database(), key)


class AuthenticatedRoute(APIRoute):
    """A route that asks for the key before it reads the body."""

    def get_route_handler(
        self,
    ) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Put the checks before the framework's own handler."""
        handler = super().get_route_handler()

        async def checked(request: Request) -> Response:
            request.state.identity = await run_in_threadpool(
                _identify, request.headers.get("x-api-key")
            )
            if self.body_field is not None:
                request = await with_json(request)
            return await handler(request)

        return checked
