"""Authentication, and the check of the body's form, before FastAPI reads it."""

import json
from collections.abc import Callable, Coroutine
from typing import Any, NoReturn
from uuid import UUID

import jwt
from fastapi import Request, Response
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer
from starlette.requests import ClientDisconnect
from starlette.types import Message

from app import repository
from app.exceptions import Unauthorized, Unprocessable

MAX_BODY_BYTES = 1_048_576
METHODS_WITH_BODY = frozenset({"PATCH", "POST", "PUT"})
HEADER_PARTS = 2

# Declares the scheme in /openapi.json; the route class does the checking.
bearer_scheme = HTTPBearer(
    auto_error=False,
    scheme_name="bearerAuth",
    bearerFormat="JWT",
    description=(
        "A JWT signed with HS256. The claims exp and sub are required, and "
        "sub is the user's id."
    ),
)


def read_user_id(headers: list[str], secret: str) -> UUID | None:
    """Give the user's id of a valid token, else None."""
    if len(headers) != 1:
        return None
    parts = headers[0].split(" ")
    if len(parts) != HEADER_PARTS or parts[0].lower() != "bearer":
        return None
    try:
        claims = jwt.decode(
            parts[1],
            secret,
            algorithms=["HS256"],
            options={
                "require": ["exp", "sub"],
                "verify_aud": False,
                "verify_iat": False,
                "verify_iss": False,
                "verify_jti": False,
                "verify_nbf": False,
            },
        )
        subject = claims["sub"]
        user_id = UUID(subject)
    except (
        jwt.PyJWTError,
        ArithmeticError,
        AttributeError,
        LookupError,
        RecursionError,
        TypeError,
        ValueError,
    ):
        return None
    return user_id if str(user_id) == subject else None


async def authenticate(request: Request) -> None:
    """Put the caller's id into the request's state, or refuse."""
    state = request.app.state
    user_id = read_user_id(
        request.headers.getlist("authorization"),
        state.settings.jwt_secret.get_secret_value(),
    )
    if user_id is None:
        raise Unauthorized
    async with state.database.transaction() as session:
        known = await repository.user_exists(session, user_id)
    if not known:
        raise Unauthorized
    request.state.user_id = user_id


def refuse_constant(_name: str) -> NoReturn:
    """Refuse NaN and the infinities, which are no JSON."""
    raise ValueError("not JSON")


async def with_checked_body(request: Request) -> Request:
    """Read the body, refuse what is no JSON, and give it on unchanged."""
    content_type = request.headers.get("content-type", "")
    if content_type.partition(";")[0].strip().lower() != "application/json":
        raise Unprocessable("body")
    collected = bytearray()
    try:
        async for chunk in request.stream():
            collected += chunk
            if len(collected) > MAX_BODY_BYTES:
                raise Unprocessable("body")
    except ClientDisconnect:
        raise Unprocessable("body") from None
    body = bytes(collected)
    try:
        value = json.loads(
            body.decode("utf-8"), parse_constant=refuse_constant
        )
        # Lone surrogates cannot be encoded, in keys or in values.
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except (RecursionError, ValueError):
        raise Unprocessable("body") from None

    async def replay() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return Request(request.scope, replay)


class AuthenticatedRoute(APIRoute):
    """A route that authenticates before anything looks at the body."""

    def get_route_handler(
        self,
    ) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap FastAPI's handler."""
        handle = super().get_route_handler()

        async def authenticated(request: Request) -> Response:
            await authenticate(request)
            if request.method in METHODS_WITH_BODY:
                request = await with_checked_body(request)
            return await handle(request)

        return authenticated
