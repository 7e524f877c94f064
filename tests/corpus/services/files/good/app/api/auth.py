"""Accounts and sessions."""

from uuid import UUID

import asyncpg
from fastapi import APIRouter, Response

from app.api.deps import Db, Me
from app.core.errors import ApiError, problems
from app.core.security import (
    ACCESS_SECONDS,
    SESSION,
    Claims,
    access_token,
    count_attempt,
    forget_attempts,
    hash_password,
    new_opaque,
    opaque_hash,
    verify_password,
)
from app.models import Account, Login, RefreshRequest, Registration, Tokens

router = APIRouter(tags=["accounts"])
ACCOUNT = "id, email, display_name, role, quota_bytes, used_bytes, created_at"


@router.post(
    "/auth/register",
    operation_id="register",
    status_code=201,
    response_model=Account,
    responses={
        201: {"headers": {"Location": {"description": "The account.", "schema": {"type": "string"}}}},
        **problems(409, 413, 415, 422),
    },
)
async def register(db: Db, wanted: Registration, response: Response) -> object:
    """Make an account."""
    hashed = await hash_password(wanted.password)
    row = await db.fetchrow(
        f"INSERT INTO users (email, display_name, password_hash) VALUES ($1, $2, $3)"  # noqa: S608 - fixed columns
        f" ON CONFLICT (email) DO NOTHING RETURNING {ACCOUNT}",
        wanted.email.lower(),
        wanted.display_name,
        hashed,
    )
    if row is None:
        raise ApiError(409, "email-taken", "This address has an account")
    response.headers["Location"] = "/me"
    return dict(row)


@router.post(
    "/auth/login",
    operation_id="login",
    response_model=Tokens,
    responses=problems(401, 413, 415, 422, 429),
)
async def login(db: Db, given: Login) -> Tokens:
    """Sign in. After eight failures an address is refused for a quarter of an hour."""
    email = given.email.lower()
    count_attempt(email)
    user = await db.fetchrow("SELECT id, password_hash FROM users WHERE email = $1", email)
    if not await verify_password(given.password, user["password_hash"] if user else None):
        raise ApiError(401, "bad-credentials", "Address or password is wrong", {"WWW-Authenticate": "Bearer"})
    forget_attempts(email)
    async with db.transaction():
        session_id = await db.fetchval(
            "INSERT INTO sessions (user_id, expires_at) VALUES ($1, now() + $2) RETURNING id", user["id"], SESSION
        )
        return await _tokens(db, user["id"], session_id)


async def _tokens(db: asyncpg.Connection, user_id: UUID, session_id: UUID) -> Tokens:
    """New tokens of a session."""
    refresh, kept = new_opaque()
    await db.execute("INSERT INTO refresh_tokens (token_hash, session_id) VALUES ($1, $2)", kept, session_id)
    return Tokens(
        access_token=access_token(Claims(user_id, session_id)),
        refresh_token=refresh,
        token_type="Bearer",  # noqa: S106 - a scheme's name
        expires_in=ACCESS_SECONDS,
    )


@router.post(
    "/auth/refresh",
    operation_id="refresh",
    response_model=Tokens,
    responses=problems(401, 413, 415, 422),
)
async def refresh(db: Db, given: RefreshRequest) -> Tokens:
    """Change a refresh token for new tokens; it works once. A second use ends the session."""
    hashed = opaque_hash(given.refresh_token)
    async with db.transaction():
        session = await db.fetchrow(
            "UPDATE refresh_tokens t SET used_at = now() FROM sessions s"
            " WHERE t.token_hash = $1 AND t.used_at IS NULL AND s.id = t.session_id"
            " AND s.revoked_at IS NULL AND s.expires_at > now() RETURNING s.id, s.user_id",
            hashed,
        )
        if session is not None:
            return await _tokens(db, session["user_id"], session["id"])
    await _revoke(db, hashed)
    raise ApiError(401, "bad-refresh-token", "This refresh token is not valid", {"WWW-Authenticate": "Bearer"})


async def _revoke(db: asyncpg.Connection, hashed: bytes) -> None:
    """End the session that a refresh token belongs to."""
    await db.execute(
        "UPDATE sessions SET revoked_at = now() WHERE revoked_at IS NULL"
        " AND id = (SELECT session_id FROM refresh_tokens WHERE token_hash = $1)",
        hashed,
    )


@router.post(
    "/auth/logout",
    operation_id="logout",
    status_code=204,
    responses=problems(413, 415, 422),
)
async def logout(db: Db, given: RefreshRequest) -> Response:
    """End the session of a refresh token, its access tokens too; an unknown token is as good as ended."""
    await _revoke(db, opaque_hash(given.refresh_token))
    return Response(status_code=204)


@router.get("/me", operation_id="getMe", response_model=Account, responses=problems(401))
async def get_me(db: Db, me: Me) -> object:
    """One's own account, its quota and what is used of it."""
    row = await db.fetchrow(f"SELECT {ACCOUNT} FROM users WHERE id = $1", me.id)  # noqa: S608 - fixed columns
    return dict(row)
