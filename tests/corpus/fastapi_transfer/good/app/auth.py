"""Who is asking: a JWT signed with JWT_SECRET."""

import os
from typing import Annotated

import jwt
from fastapi import Depends, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy import Connection, select

from app.database import connection
from app.tables import users

bearer = HTTPBearer(auto_error=False, scheme_name="bearer", bearerFormat="JWT")
REFUSED = HTTPException(401, "Not authenticated", {"WWW-Authenticate": "Bearer"})


def user_id(
    given: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
    db: Annotated[Connection, Depends(connection)],
) -> int:
    if given is None:
        raise REFUSED
    try:
        claims = jwt.decode(
            given.credentials, os.environ["JWT_SECRET"], algorithms=["HS256"], options={"require": ["exp", "sub"]}
        )
        subject = int(claims["sub"])
    except (jwt.InvalidTokenError, ValueError, TypeError) as error:
        raise REFUSED from error
    if not 0 < subject < 2**63 or db.scalar(select(users.c.id).where(users.c.id == subject)) is None:
        raise REFUSED
    return subject


User = Annotated[int, Depends(user_id)]
Db = Annotated[Connection, Depends(connection)]
