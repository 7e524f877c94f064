"""What operations ask for: a connection, who calls, a page."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

import asyncpg
from fastapi import Depends, Query, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from app.core.errors import ApiError, unauthorized
from app.core.security import read_access_token
from app.models import Role

LIVE_SESSION = """
SELECT u.id, u.role, s.id AS session_id
FROM sessions s JOIN users u ON u.id = s.user_id
WHERE s.id = $1 AND s.user_id = $2 AND s.revoked_at IS NULL AND s.expires_at > now()
"""


async def connection(request: Request) -> AsyncIterator[asyncpg.Connection]:
    """A connection of the pool, for this request."""
    async with request.app.state.pool.acquire() as acquired:
        yield acquired


Db = Annotated[asyncpg.Connection, Depends(connection)]
Credentials = Annotated[
    HTTPAuthorizationCredentials | None,
    Depends(HTTPBearer(auto_error=False, scheme_name="bearerAuth", bearerFormat="JWT")),
]


@dataclass(frozen=True)
class Caller:
    """Who calls."""

    id: UUID
    role: Role


async def caller(db: Db, credentials: Credentials) -> Caller:
    """The owner of a valid token whose session lives. Raises 401."""
    if credentials is None:
        raise unauthorized()
    claims = read_access_token(credentials.credentials)
    row = await db.fetchrow(LIVE_SESSION, claims.session_id, claims.user_id)
    if row is None:
        raise unauthorized()
    return Caller(row["id"], Role(row["role"]))


Me = Annotated[Caller, Depends(caller)]


async def admin(me: Me) -> Caller:
    """Raises 403 unless the caller is an admin."""
    if me.role is not Role.ADMIN:
        raise ApiError(403)
    return me


Admin = Annotated[Caller, Depends(admin)]


@dataclass(frozen=True)
class Page:
    """Which part of a list is wanted."""

    limit: int
    offset: int


def page(
    limit: Annotated[int, Query(ge=1, le=100)] = 25,
    offset: Annotated[int, Query(ge=0, le=100_000)] = 0,
) -> Page:
    """Read `limit` and `offset`."""
    return Page(limit, offset)


Window = Annotated[Page, Depends(page)]
