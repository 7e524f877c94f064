"""What administrators do."""

from typing import Annotated
from uuid import UUID

import asyncpg
from fastapi import APIRouter, Path

from app.api.auth import ACCOUNT
from app.api.deps import Admin, Db, Window
from app.core.errors import ApiError, problems
from app.models import Account, AccountList, QuotaChange

router = APIRouter(tags=["administration"])


@router.get(
    "/admin/users",
    operation_id="listUsers",
    response_model=AccountList,
    responses=problems(401, 403, 422),
)
async def list_users(db: Db, _: Admin, window: Window) -> object:
    """List accounts (administrators only), ordered by creation and then by id."""
    total = await db.fetchval("SELECT count(*) FROM users")
    rows = await db.fetch(
        f"SELECT {ACCOUNT} FROM users ORDER BY created_at, id LIMIT $1 OFFSET $2",  # noqa: S608 - fixed columns
        window.limit,
        window.offset,
    )
    return {"items": [dict(row) for row in rows], "total": total, "limit": window.limit, "offset": window.offset}


@router.put(
    "/admin/users/{userId}/quota",
    operation_id="setQuota",
    response_model=Account,
    responses=problems(401, 403, 404, 409, 413, 415, 422),
)
async def set_quota(db: Db, _: Admin, user_id: Annotated[UUID, Path(alias="userId")], wanted: QuotaChange) -> object:
    """Set a user's quota (administrators only); 409 below what is used."""
    try:
        row = await db.fetchrow(
            f"UPDATE users SET quota_bytes = $2 WHERE id = $1 RETURNING {ACCOUNT}",  # noqa: S608 - fixed columns
            user_id,
            wanted.quota_bytes,
        )
    except asyncpg.CheckViolationError as error:
        raise ApiError(409, "quota-below-use", "More than this is used") from error
    if row is None:
        raise ApiError(404, "user-not-found", "There is no such user")
    return dict(row)
