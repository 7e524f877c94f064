"""Queries on memberships."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.models import BoardRow, ProjectRow, TaskRow, UserRow, WorkspaceMemberRow
from app.repositories.base import Lock, fetch_page, locked


def _named(workspace_id: int) -> Select[Any]:
    return (
        select(WorkspaceMemberRow, col(UserRow.display_name))
        .join(UserRow, col(UserRow.id) == col(WorkspaceMemberRow.user_id))
        .where(col(WorkspaceMemberRow.workspace_id) == workspace_id)
    )


async def lock_members(
    session: AsyncSession, workspace_id: int, user_ids: Collection[UUID], lock: Lock
) -> dict[UUID, WorkspaceMemberRow]:
    """Lock the memberships of some users, in one statement and a fixed order."""
    statement = (
        select(WorkspaceMemberRow)
        .where(
            col(WorkspaceMemberRow.workspace_id) == workspace_id,
            col(WorkspaceMemberRow.user_id).in_(sorted(user_ids)),
        )
        .order_by(col(WorkspaceMemberRow.user_id))
    )
    rows = (await session.scalars(locked(statement, lock))).all()
    return {row.user_id: row for row in rows}


async def find_named_member(
    session: AsyncSession, workspace_id: int, user_id: UUID
) -> tuple[WorkspaceMemberRow, str] | None:
    """Find a membership with the user's name."""
    result = await session.execute(
        _named(workspace_id).where(col(WorkspaceMemberRow.user_id) == user_id)
    )
    row = result.first()
    return None if row is None else (row[0], row[1])


async def list_named_members(
    session: AsyncSession, workspace_id: int, limit: int, offset: int
) -> tuple[Sequence[Any], int]:
    """List the memberships of a workspace by user id."""
    return await fetch_page(
        session,
        _named(workspace_id),
        [col(WorkspaceMemberRow.user_id)],
        limit,
        offset,
    )


async def unassign_tasks(
    session: AsyncSession, workspace_id: int, user_id: UUID
) -> None:
    """Take a user off the tasks of a workspace, locking them by id."""
    boards = (
        select(col(BoardRow.id))
        .join(ProjectRow, col(ProjectRow.id) == col(BoardRow.project_id))
        .where(col(ProjectRow.workspace_id) == workspace_id)
    )
    mine = (
        col(TaskRow.assignee_id) == user_id,
        col(TaskRow.board_id).in_(boards),
    )
    await session.execute(
        select(col(TaskRow.id))
        .where(*mine)
        .order_by(col(TaskRow.id))
        .with_for_update(of=TaskRow)
    )
    await session.execute(
        update(TaskRow)
        .where(*mine)
        .values(assignee_id=None)
        .execution_options(synchronize_session=False)
    )
