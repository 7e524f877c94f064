"""Authentication, before path, query and body are looked at."""

import asyncio
import json
import re
from collections.abc import Callable, Coroutine
from typing import Annotated, Any

import jwt
from fastapi import Depends, Request, Response
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer
from starlette.concurrency import run_in_threadpool

from app.caller import Caller
from app.data.database import read
from app.data.tables import UserRow
from app.errors import InvalidError, UnauthorizedError
from app.settings import get_settings

MAX_ID = 9223372036854775807
BODY_SECONDS = 10
SUBJECT = re.compile(r"[1-9][0-9]{0,18}")

bearer = HTTPBearer(
    scheme_name="bearerAuth",
    bearerFormat="JWT",
    description="An HS256 token with exp and sub, the user's id as text.",
    auto_error=False,
)


def _subject(values: list[str]) -> int:
    if len(values) != 1:
        raise UnauthorizedError
    scheme, _, token = values[0].partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise UnauthorizedError
    secret = get_settings().jwt_secret
    try:
        claims = jwt.decode(
            token,
            secret,
            algorithms=["HS256"],
            options={
                "require": ["exp", "sub"],
                "verify_aud": False,
                "verify_iss": False,
                "verify_iat": False,
                "verify_jti": False,
            },
        )
    except (
        jwt.PyJWTError,
        ArithmeticError,
        AttributeError,
        LookupError,
        RecursionError,
        TypeError,
        ValueError,
    ):
        raise UnauthorizedError from None
    expires = claims["exp"]
    if isinstance(expires, bool) or not isinstance(expires, int | float):
        raise UnauthorizedError
    subject = claims["sub"]
    if not isinstance(subject, str) or SUBJECT.fullmatch(subject) is None:
        raise UnauthorizedError
    user_id = int(subject)
    if user_id > MAX_ID:
        raise UnauthorizedError
    return user_id


def authenticate(values: list[str]) -> Caller:
    """Turn the values of the Authorization header into a caller."""
    user_id = _subject(values)
    with read() as session:
        user = session.get(UserRow, user_id)
        if user is None:
            raise UnauthorizedError
        return Caller(id=user_id, role=user.role)


async def check_body(request: Request) -> None:
    """Refuse what is not a JSON document of plain text and finite numbers."""
    content_type = request.headers.get("content-type", "")
    if content_type.partition(";")[0].strip().lower() != "application/json":
        raise InvalidError([("body", "The body must be application/json.")])
    try:
        async with asyncio.timeout(BODY_SECONDS):
            raw = await request.body()
    except TimeoutError:
        raise InvalidError([("body", "The body is incomplete.")]) from None
    try:
        document = json.loads(raw.decode("utf-8"))
        json.dumps(document, ensure_ascii=False, allow_nan=False).encode(
            "utf-8"
        )
    except (ValueError, RecursionError):
        raise InvalidError([("body", "The body is not valid JSON.")]) from None


class SecuredRoute(APIRoute):
    """A route that is entered with a valid token only."""

    def get_route_handler(
        self,
    ) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Put authentication before everything else."""
        handle = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            values = request.headers.getlist("authorization")
            request.state.caller = await run_in_threadpool(
                authenticate, values
            )
            if self.body_field is not None:
                await check_body(request)
            return await handle(request)

        return guarded


async def current_caller(request: Request) -> Caller:
    """Give a handler the caller that the route class found."""
    caller: Caller = request.state.caller
    return caller


CurrentCaller = Annotated[Caller, Depends(current_caller)]
