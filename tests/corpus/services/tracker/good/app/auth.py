"""Authentication: before the body is read, and from the token only."""

import re
from collections.abc import Callable, Coroutine, Sequence
from typing import Annotated, Any, Final
from uuid import UUID

import jwt
from fastapi import Depends, Request, Response
from fastapi.routing import APIRoute
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from app.bodies import checked_request
from app.database import Database
from app.errors import UnauthorizedError
from app.repositories import users
from app.schemas import User

CANONICAL_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

bearer = HTTPBearer(
    auto_error=False,
    scheme_name="bearerAuth",
    bearerFormat="JWT",
    description="HS256 token whose sub is the id of a user.",
)


class TokenVerifier:
    """Verifies tokens with the shared secret."""

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def subject(self, authorization: Sequence[str]) -> UUID:
        """Give the user id that the one Authorization header stands for."""
        if len(authorization) != 1:
            raise UnauthorizedError
        scheme, _, rest = authorization[0].partition(" ")
        token = rest.strip()
        if scheme.lower() != "bearer" or not token:
            raise UnauthorizedError
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                self._secret,
                algorithms=["HS256"],
                options={
                    "require": ["exp", "sub"],
                    "verify_aud": False,
                    "verify_iss": False,
                    "verify_iat": False,
                    "verify_nbf": False,
                    "verify_jti": False,
                },
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
        if not isinstance(subject, str) or CANONICAL_UUID.fullmatch(subject) is None:
            raise UnauthorizedError
        return UUID(subject)


async def authenticate(request: Request) -> User:
    """Give the caller, or refuse."""
    verifier: TokenVerifier = request.app.state.tokens
    database: Database = request.app.state.database
    subject = verifier.subject(request.headers.getlist("authorization"))
    row = await database.run(users.find_user, subject)
    if row is None:
        raise UnauthorizedError
    return User.model_validate(row)


class AuthenticatedRoute(APIRoute):
    """Authenticates before the framework reads anything of the request."""

    def get_route_handler(
        self,
    ) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Put authentication and the check of the body before the handler."""
        handle = super().get_route_handler()
        has_body = self.body_field is not None

        async def handle_authenticated(request: Request) -> Response:
            request.state.caller = await authenticate(request)
            if has_body:
                return await handle(await checked_request(request))
            return await handle(request)

        return handle_authenticated


async def get_caller(
    request: Request,
    _credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
) -> User:
    """Give the caller that the route has authenticated."""
    caller: User = request.state.caller
    return caller


async def get_database(request: Request) -> Database:
    """Give the database of the application."""
    database: Database = request.app.state.database
    return database


Caller = Annotated[User, Depends(get_caller)]
Db = Annotated[Database, Depends(get_database)]
