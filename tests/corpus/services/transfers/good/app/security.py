"""Authentication, before the body is read."""

import json
import re
from collections.abc import Callable, Coroutine
from typing import Annotated, Any, NoReturn
from uuid import UUID

import jwt
from fastapi import Depends, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.routing import APIRoute
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.types import Message

from app import repository
from app.config import get_settings
from app.database import get_database
from app.problems import InvalidRequestError, UnauthorizedError
from app.schemas import UUID_PATTERN

ALGORITHMS = ["HS256"]
MAX_BODY = 16384
# Of a larger body, so much is still taken off the wire (and not kept), so that
# the client reads the answer instead of a broken connection.
MAX_DRAINED = 1_048_576

_UUID = re.compile(UUID_PATTERN.removeprefix("^").removesuffix("$"))

BEARER = HTTPBearer(
    scheme_name="bearerAuth",
    bearerFormat="JWT",
    description=(
        "A JWT signed with HS256 that carries exp and sub; sub is the id of a user."
    ),
    auto_error=False,
)


def read_subject(token: str, secret: str) -> UUID:
    """Return the user id that a right token names."""
    try:
        claims = jwt.decode(
            token,
            secret,
            algorithms=ALGORITHMS,
            options={
                "require": ["exp", "sub"],
                "verify_signature": True,
                "verify_exp": True,
                "verify_aud": False,
                "verify_iss": False,
                "verify_iat": False,
                "verify_nbf": False,
                "verify_jti": False,
            },
        )
    except (
        jwt.PyJWTError,
        AttributeError,
        KeyError,
        OverflowError,
        RecursionError,
        TypeError,
        ValueError,
    ):
        raise UnauthorizedError from None
    subject = claims.get("sub")
    if not isinstance(subject, str) or _UUID.fullmatch(subject) is None:
        raise UnauthorizedError
    return UUID(subject)


def authenticate(token: str) -> UUID:
    """Return the id of the existing user that the token names."""
    user_id = read_subject(token, get_settings().jwt_secret)
    with get_database().transaction() as session:
        if not repository.user_exists(session, user_id):
            raise UnauthorizedError
    return user_id


def _refuse_constant(_name: str) -> NoReturn:
    message = "not a JSON number"
    raise ValueError(message)


async def _read_body(request: Request) -> bytes:
    kept = bytearray()
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size <= MAX_BODY:
            kept.extend(chunk)
        elif size > MAX_DRAINED:
            break
    if size > MAX_BODY:
        message = f"must not be larger than {MAX_BODY} bytes"
        raise InvalidRequestError(message)
    return bytes(kept)


def _check_json(media_type: str, body: bytes) -> None:
    if media_type.split(";", 1)[0].strip().lower() != "application/json":
        message = "must be application/json"
        raise InvalidRequestError(message)
    try:
        document = json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
        # Lone surrogates pass as JSON, but are no text.
        json.dumps(document, ensure_ascii=False).encode("utf-8")
    except (ValueError, RecursionError):
        message = "must be well-formed JSON in UTF-8"
        raise InvalidRequestError(message) from None


def _replay(request: Request, body: bytes) -> Request:
    sent = False

    async def receive() -> Message:
        nonlocal sent
        if sent:
            return await request.receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return Request(request.scope, receive)


class AuthenticatedRoute(APIRoute):
    """A route that authenticates first and then reads a bounded body."""

    def get_route_handler(
        self,
    ) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the route's own handler."""
        handle = super().get_route_handler()

        async def handler(request: Request) -> Response:
            credentials = await BEARER(request)
            if credentials is None:
                raise UnauthorizedError
            request.state.user_id = await run_in_threadpool(
                authenticate, credentials.credentials
            )
            if request.method != "POST":
                return await handle(request)
            body = await _read_body(request)
            _check_json(request.headers.get("content-type", ""), body)
            return await handle(_replay(request, body))

        return handler


async def current_user(
    request: Request,
    _credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)],
) -> UUID:
    """Return the caller, whom the route class has authenticated."""
    user_id = getattr(request.state, "user_id", None)
    if not isinstance(user_id, UUID):
        raise UnauthorizedError
    return user_id


Caller = Annotated[UUID, Depends(current_user)]
