"""Data access: one statement for each operation, bound parameters only.

Every statement on transactions carries the owner.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from app.models import TransactionRow, UserRow


async def user_exists(session: AsyncSession, user_id: UUID) -> bool:
    """Say whether there is such a user."""
    statement = select(UserRow.id).where(col(UserRow.id) == user_id)
    return await session.scalar(statement) is not None


async def list_rows(
    session: AsyncSession, user_id: UUID, limit: int, offset: int
) -> Sequence[TransactionRow]:
    """Give one page of the user's rows, the latest first."""
    statement = (
        select(TransactionRow)
        .where(col(TransactionRow.user_id) == user_id)
        .order_by(
            col(TransactionRow.occurred_at).desc(),
            col(TransactionRow.id).desc(),
        )
        .limit(limit)
        .offset(offset)
    )
    return (await session.scalars(statement)).all()


async def get_row(
    session: AsyncSession, user_id: UUID, transaction_id: UUID
) -> TransactionRow | None:
    """Give one row of the user."""
    statement = select(TransactionRow).where(
        col(TransactionRow.id) == transaction_id,
        col(TransactionRow.user_id) == user_id,
    )
    return (await session.scalars(statement)).one_or_none()


async def insert_row(
    session: AsyncSession, user_id: UUID, values: dict[str, Any]
) -> TransactionRow:
    """Create a row of the user."""
    statement = (
        insert(TransactionRow)
        .values(user_id=user_id, **values)
        .returning(TransactionRow)
    )
    return (await session.scalars(statement)).one()


async def update_row(
    session: AsyncSession,
    user_id: UUID,
    transaction_id: UUID,
    values: dict[str, Any],
) -> TransactionRow | None:
    """Change one row of the user and renew its updated_at."""
    statement = (
        update(TransactionRow)
        .where(
            col(TransactionRow.id) == transaction_id,
            col(TransactionRow.user_id) == user_id,
        )
        .values(updated_at=func.now(), **values)
        .returning(TransactionRow)
        .execution_options(synchronize_session=False)
    )
    return (await session.scalars(statement)).one_or_none()


async def delete_row(
    session: AsyncSession, user_id: UUID, transaction_id: UUID
) -> bool:
    """Delete one row of the user; say whether there was one."""
    statement = (
        delete(TransactionRow)
        .where(
            col(TransactionRow.id) == transaction_id,
            col(TransactionRow.user_id) == user_id,
        )
        .returning(col(TransactionRow.id))
        .execution_options(synchronize_session=False)
    )
    return (await session.scalars(statement)).one_or_none() is not None
