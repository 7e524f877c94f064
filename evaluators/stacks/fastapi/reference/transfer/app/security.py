"""Who is asking: the bearer token, verified."""

import os
from typing import Annotated, Any

import jwt
from fastapi import Depends, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

bearer = HTTPBearer(auto_error=False)


def decode_token(token: str) -> dict[str, Any]:
    """The claims of a token; raises jwt.InvalidTokenError."""
    secret = os.environ["JWT_SECRET"]
    return jwt.decode(token, secret, algorithms=["HS256"], options={"require": ["exp", "sub"]})


def current_user(credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]) -> str:
    """The id of the user whose token it is; 401 where there is no valid one."""
    refusal = HTTPException(401, "Not authenticated", headers={"WWW-Authenticate": "Bearer"})
    if credentials is None:
        raise refusal
    try:
        return str(decode_token(credentials.credentials)["sub"])
    except jwt.InvalidTokenError:
        raise refusal from None
