"""The bearer token, verified."""

import os
from dataclasses import dataclass
from typing import Annotated, Any

import jwt
from fastapi import Depends, HTTPException, status
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

bearer = HTTPBearer(auto_error=False)


@dataclass(frozen=True)
class User:
    """Whose token it is."""

    sub: str


def decode_token(token: str) -> dict[str, Any]:
    """The claims; raises jwt.InvalidTokenError."""
    return jwt.decode(
        token, os.environ["JWT_SECRET"], algorithms=["HS256"], options={"require": ["exp", "sub"]}
    )


def current_user(credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]) -> User:
    """The user; 401 where there is no valid token."""
    try:
        if credentials is None:
            raise jwt.InvalidTokenError
        return User(sub=decode_token(credentials.credentials)["sub"])
    except jwt.InvalidTokenError:
        raise HTTPException(
            status.HTTP_401_UNAUTHORIZED, "Not authenticated", headers={"WWW-Authenticate": "Bearer"}
        ) from None
