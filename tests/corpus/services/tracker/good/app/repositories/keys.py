"""Queries on idempotency keys."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.config import KEY_HOURS
from app.models import IdempotencyKeyRow


async def remove_expired(session: AsyncSession, user_id: UUID) -> None:
    """Remove the user's keys that have had their time."""
    await session.execute(
        delete(IdempotencyKeyRow)
        .where(
            col(IdempotencyKeyRow.user_id) == user_id,
            col(IdempotencyKeyRow.created_at)
            < func.now() - timedelta(hours=KEY_HOURS),
        )
        .execution_options(synchronize_session=False)
    )


async def find_key(
    session: AsyncSession, user_id: UUID, key: str
) -> IdempotencyKeyRow | None:
    """Find the answer that is stored under a key."""
    statement: Select[Any] = select(IdempotencyKeyRow).where(
        col(IdempotencyKeyRow.user_id) == user_id,
        col(IdempotencyKeyRow.idempotency_key) == key,
    )
    row: IdempotencyKeyRow | None = await session.scalar(statement)
    return row
