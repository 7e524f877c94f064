"""What all repositories share: locks, inserts, pages."""

from collections.abc import Sequence
from enum import Enum
from typing import Any, TypeVar

from sqlalchemy import Select, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel, col

from app.models import (
    BoardRow,
    CommentRow,
    LabelRow,
    ProjectRow,
    TaskRow,
    TimeEntryRow,
    WorkspaceRow,
)

AnyRow = TypeVar("AnyRow", bound=SQLModel)
LockableRow = TypeVar(
    "LockableRow",
    WorkspaceRow,
    ProjectRow,
    BoardRow,
    TaskRow,
    LabelRow,
    CommentRow,
    TimeEntryRow,
)


class Lock(Enum):
    """The row locks of PostgreSQL, as (read, key_share)."""

    KEY_SHARE = (True, True)
    SHARE = (True, False)
    NO_KEY_UPDATE = (False, True)
    UPDATE = (False, False)


def locked(statement: Select[Any], lock: Lock) -> Select[Any]:
    """Lock what the statement reads, and read it as it is under the lock."""
    read, key_share = lock.value
    return statement.with_for_update(read=read, key_share=key_share).execution_options(
        populate_existing=True
    )


async def lock_row(
    session: AsyncSession, model: type[LockableRow], row_id: int, lock: Lock
) -> LockableRow | None:
    """Lock one row by its id."""
    statement = locked(select(model).where(col(model.id) == row_id), lock)
    row: LockableRow | None = await session.scalar(statement)
    return row


async def insert_row(
    session: AsyncSession, model: type[AnyRow], **values: object
) -> AnyRow:
    """Insert one row and give it as the database made it."""
    result = await session.scalars(insert(model).values(**values).returning(model))
    row: AnyRow = result.one()
    return row


async def delete_row(session: AsyncSession, row: SQLModel) -> None:
    """Delete one row and, by the schema, what hangs on it."""
    await session.delete(row)
    await session.flush()


async def fetch_page(
    session: AsyncSession,
    statement: Select[Any],
    order: Sequence[Any],
    limit: int,
    offset: int,
) -> tuple[Sequence[Any], int]:
    """Give the rows of a page and the number of all rows: two statements."""
    counted = await session.scalar(
        select(func.count()).select_from(statement.subquery())
    )
    result = await session.execute(
        statement.order_by(*order).limit(limit).offset(offset)
    )
    return result.all(), int(counted or 0)
