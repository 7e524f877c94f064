"""Who calls: the bearer token is verified before anything else is looked at."""

import re
from collections.abc import Callable, Coroutine
from typing import Any

import jwt
from fastapi import Request, Response
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer
from starlette.concurrency import run_in_threadpool

from app.config import get_settings
from app.data import users
from app.data.database import open_session
from app.refusals import UnauthorizedError

SUBJECT = re.compile(r"[1-9][0-9]{0,18}")
LARGEST_ID = 9223372036854775807
OPTIONS: dict[str, Any] = {
    "require": ["exp", "sub"],
    "verify_signature": True,
    "verify_exp": True,
    "verify_sub": True,
    "verify_aud": False,
    "verify_iss": False,
    "verify_iat": False,
    "verify_nbf": False,
    "verify_jti": False,
}

bearer = HTTPBearer(
    scheme_name="bearerAuth",
    bearerFormat="JWT",
    description="HS256, with exp and sub; sub is the id of the user as text.",
    auto_error=False,
)


def _subject(header: str | None) -> int:
    """Take the user's id from a header that holds a good token."""
    scheme, _, token = (header or "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise UnauthorizedError
    try:
        claims = jwt.decode(
            token.strip(),
            get_settings().jwt_secret.get_secret_value(),
            algorithms=["HS256"],
            options=OPTIONS,
        )
    except (
        jwt.PyJWTError,
        ValueError,
        TypeError,
        OverflowError,
        RecursionError,
    ) as error:
        raise UnauthorizedError from error
    subject = claims.get("sub")
    if not isinstance(subject, str) or not SUBJECT.fullmatch(subject):
        raise UnauthorizedError
    user_id = int(subject)
    if user_id > LARGEST_ID:
        raise UnauthorizedError
    return user_id


def authenticate(header: str | None) -> int:
    """Verify the Authorization header and give the id of an existing user."""
    user_id = _subject(header)
    with open_session() as session:
        if not users.exists(session, user_id):
            raise UnauthorizedError
    return user_id


class SecuredRoute(APIRoute):
    """Authenticates before FastAPI reads parameters or body."""

    def get_route_handler(
        self,
    ) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the handler of the route."""
        handler = super().get_route_handler()

        async def secured(request: Request) -> Response:
            request.state.user_id = await run_in_threadpool(
                authenticate, request.headers.get("authorization")
            )
            return await handler(request)

        return secured


async def current_user(request: Request) -> int:
    """Give the id that the route has verified."""
    user_id: int = request.state.user_id
    return user_id
