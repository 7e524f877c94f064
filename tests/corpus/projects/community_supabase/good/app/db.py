import json
from collections.abc import AsyncIterator
from typing import Annotated, Any

import asyncpg
from fastapi import Depends, Request

from app.auth import verified_claims
from app.config import Settings


async def create_pool(settings: Settings) -> asyncpg.Pool:
    return await asyncpg.create_pool(
        str(settings.database_url),
        min_size=settings.db_pool_min_size,
        max_size=settings.db_pool_max_size,
        command_timeout=settings.db_command_timeout_seconds,
        statement_cache_size=settings.db_statement_cache_size,
        server_settings={"application_name": "community-api"},
    )


async def user_connection(
    request: Request,
    claims: Annotated[dict[str, Any], Depends(verified_claims)],
) -> AsyncIterator[asyncpg.Connection]:
    """One transaction per request, under the caller's identity.

    Role and claims are local to the transaction, which is what keeps them from leaking to the next
    request on a pooled connection.
    """
    async with request.app.state.pool.acquire() as connection:
        async with connection.transaction():
            await connection.execute(
                "select set_config('role', 'authenticated', true),"
                " set_config('request.jwt.claims', $1, true)",
                json.dumps(claims),
            )
            yield connection


# scope="function": the transaction commits before the response is sent, so a client that reads
# its 201 can rely on it.
Connection = Annotated[asyncpg.Connection, Depends(user_connection, scope="function")]
