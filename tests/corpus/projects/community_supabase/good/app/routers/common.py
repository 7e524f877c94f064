from typing import Any
from uuid import UUID

import asyncpg
from fastapi import HTTPException


def profile_ref(row: asyncpg.Record, prefix: str) -> dict[str, Any] | None:
    """The person whose columns were selected as {prefix}_id, _username and _display_name."""
    if row[f"{prefix}_id"] is None:
        return None
    return {
        "id": row[f"{prefix}_id"],
        "username": row[f"{prefix}_username"],
        "display_name": row[f"{prefix}_display_name"],
    }


async def require_space(db: asyncpg.Connection, space_id: UUID) -> None:
    """404 unless row-level security lets the caller see the space."""
    if not await db.fetchval("select exists (select 1 from public.spaces where id = $1)", space_id):
        raise HTTPException(404, "No such space.")


async def require_post(db: asyncpg.Connection, post_id: UUID) -> None:
    if not await db.fetchval(
        "select exists (select 1 from public.posts where id = $1 and deleted_at is null)", post_id
    ):
        raise HTTPException(404, "No such post.")
