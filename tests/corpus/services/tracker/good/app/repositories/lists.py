"""The lists, each in a total order."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.models import (
    BoardRow,
    CommentRow,
    LabelRow,
    ProjectRow,
    TaskRow,
    TimeEntryRow,
    WorkspaceMemberRow,
    WorkspaceRow,
)
from app.repositories.base import fetch_page

Page = tuple[Sequence[Any], int]


async def list_workspaces(
    session: AsyncSession, caller: UUID, limit: int, offset: int
) -> Page:
    """List the caller's workspaces by id."""
    statement = (
        select(WorkspaceRow)
        .join(
            WorkspaceMemberRow,
            col(WorkspaceMemberRow.workspace_id) == col(WorkspaceRow.id),
        )
        .where(col(WorkspaceMemberRow.user_id) == caller)
    )
    return await fetch_page(session, statement, [col(WorkspaceRow.id)], limit, offset)


async def list_projects(
    session: AsyncSession, workspace_id: int, limit: int, offset: int
) -> Page:
    """List the projects of a workspace by name."""
    statement = select(ProjectRow).where(col(ProjectRow.workspace_id) == workspace_id)
    return await fetch_page(session, statement, [col(ProjectRow.name)], limit, offset)


async def list_boards(
    session: AsyncSession, project_id: int, limit: int, offset: int
) -> Page:
    """List the boards of a project by name."""
    statement = select(BoardRow).where(col(BoardRow.project_id) == project_id)
    return await fetch_page(session, statement, [col(BoardRow.name)], limit, offset)


async def list_labels(
    session: AsyncSession, workspace_id: int, limit: int, offset: int
) -> Page:
    """List the labels of a workspace by name."""
    statement = select(LabelRow).where(col(LabelRow.workspace_id) == workspace_id)
    return await fetch_page(session, statement, [col(LabelRow.name)], limit, offset)


async def list_tasks(
    session: AsyncSession, board_id: int, status: str | None, limit: int, offset: int
) -> Page:
    """List the tasks of a board by id, all or those in one status."""
    statement = select(TaskRow).where(col(TaskRow.board_id) == board_id)
    if status is not None:
        statement = statement.where(col(TaskRow.status) == status)
    return await fetch_page(session, statement, [col(TaskRow.id)], limit, offset)


async def list_comments(
    session: AsyncSession, task_id: int, limit: int, offset: int
) -> Page:
    """List the comments on a task by id."""
    statement = select(CommentRow).where(col(CommentRow.task_id) == task_id)
    return await fetch_page(session, statement, [col(CommentRow.id)], limit, offset)


async def list_time_entries(
    session: AsyncSession, task_id: int, limit: int, offset: int
) -> Page:
    """List the time entries of a task by id."""
    statement = select(TimeEntryRow).where(col(TimeEntryRow.task_id) == task_id)
    return await fetch_page(session, statement, [col(TimeEntryRow.id)], limit, offset)
