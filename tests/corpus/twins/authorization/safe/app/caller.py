"""Who is asking."""

import os
from typing import Annotated, Any

import jwt
from fastapi import Depends, HTTPException, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from app.store import one

bearer = HTTPBearer(auto_error=False, scheme_name="bearer")


def current(given: Annotated[HTTPAuthorizationCredentials | None, Security(bearer)]) -> dict[str, Any]:
    """The row of the user whose token was sent. Raises 401."""
    if given is not None:
        try:
            claims = jwt.decode(given.credentials, os.environ["JWT_SECRET"], algorithms=["HS256"])
            user = one("SELECT * FROM users WHERE id = ?", int(claims["sub"]))
        except (jwt.InvalidTokenError, KeyError, ValueError):
            user = None
        if user is not None:
            return user
    raise HTTPException(401, "A token is needed.")


def administrator(user: Annotated[dict[str, Any], Depends(current)]) -> dict[str, Any]:
    """The same, if it is an administrator. Raises 403."""
    if user["role"] != "admin":
        raise HTTPException(403, "This is for administrators.")
    return user


User = Annotated[dict[str, Any], Depends(current)]
Admin = Annotated[dict[str, Any], Depends(administrator)]
