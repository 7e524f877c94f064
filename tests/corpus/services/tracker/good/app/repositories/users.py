"""Queries on users."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.models import UserRow
from app.repositories.base import Lock, locked


async def find_user(session: AsyncSession, user_id: UUID) -> UserRow | None:
    """Find a user."""
    statement: Select[Any] = select(UserRow).where(col(UserRow.id) == user_id)
    row: UserRow | None = await session.scalar(statement)
    return row


async def lock_user(
    session: AsyncSession, user_id: UUID, lock: Lock
) -> UserRow | None:
    """Lock a user's row."""
    statement = locked(select(UserRow).where(col(UserRow.id) == user_id), lock)
    row: UserRow | None = await session.scalar(statement)
    return row
