"""What a caller can see, and where it hangs: all joins to the membership."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
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


@dataclass(frozen=True, slots=True)
class Place:
    """The workspace of a thing and its parents, from the top."""

    workspace_id: int
    project_id: int | None = None
    board_id: int | None = None
    task_id: int | None = None


def _seen_by(statement: Select[Any], workspace_id: Any, caller: UUID) -> Select[Any]:
    return statement.join(
        WorkspaceMemberRow, col(WorkspaceMemberRow.workspace_id) == workspace_id
    ).where(col(WorkspaceMemberRow.user_id) == caller)


def _via_project(statement: Select[Any], caller: UUID) -> Select[Any]:
    return _seen_by(statement, col(ProjectRow.workspace_id), caller)


def _via_board(statement: Select[Any], caller: UUID) -> Select[Any]:
    joined = statement.join(ProjectRow, col(ProjectRow.id) == col(BoardRow.project_id))
    return _via_project(joined, caller)


def _via_task(statement: Select[Any], caller: UUID) -> Select[Any]:
    joined = statement.join(BoardRow, col(BoardRow.id) == col(TaskRow.board_id))
    return _via_board(joined, caller)


def _via_comment(statement: Select[Any], caller: UUID) -> Select[Any]:
    joined = statement.join(TaskRow, col(TaskRow.id) == col(CommentRow.task_id))
    return _via_task(joined, caller)


def _via_time_entry(statement: Select[Any], caller: UUID) -> Select[Any]:
    joined = statement.join(TaskRow, col(TaskRow.id) == col(TimeEntryRow.task_id))
    return _via_task(joined, caller)


async def _place(session: AsyncSession, statement: Select[Any]) -> Place | None:
    row = (await session.execute(statement)).first()
    return None if row is None else Place(*row)


async def find_workspace(
    session: AsyncSession, caller: UUID, workspace_id: int
) -> WorkspaceRow | None:
    """Find a workspace of the caller."""
    statement = _seen_by(select(WorkspaceRow), col(WorkspaceRow.id), caller)
    row: WorkspaceRow | None = await session.scalar(
        statement.where(col(WorkspaceRow.id) == workspace_id)
    )
    return row


async def find_project(
    session: AsyncSession, caller: UUID, project_id: int
) -> ProjectRow | None:
    """Find a project that the caller can see."""
    statement = _via_project(select(ProjectRow), caller)
    row: ProjectRow | None = await session.scalar(
        statement.where(col(ProjectRow.id) == project_id)
    )
    return row


async def find_board(
    session: AsyncSession, caller: UUID, board_id: int
) -> BoardRow | None:
    """Find a board that the caller can see."""
    statement = _via_board(select(BoardRow), caller)
    row: BoardRow | None = await session.scalar(
        statement.where(col(BoardRow.id) == board_id)
    )
    return row


async def find_task(
    session: AsyncSession, caller: UUID, task_id: int
) -> TaskRow | None:
    """Find a task that the caller can see."""
    statement = _via_task(select(TaskRow), caller)
    row: TaskRow | None = await session.scalar(
        statement.where(col(TaskRow.id) == task_id)
    )
    return row


async def find_label(
    session: AsyncSession, caller: UUID, label_id: int
) -> LabelRow | None:
    """Find a label that the caller can see."""
    statement = _seen_by(select(LabelRow), col(LabelRow.workspace_id), caller)
    row: LabelRow | None = await session.scalar(
        statement.where(col(LabelRow.id) == label_id)
    )
    return row


async def find_comment(
    session: AsyncSession, caller: UUID, comment_id: int
) -> CommentRow | None:
    """Find a comment that the caller can see."""
    statement = _via_comment(select(CommentRow), caller)
    row: CommentRow | None = await session.scalar(
        statement.where(col(CommentRow.id) == comment_id)
    )
    return row


async def find_time_entry(
    session: AsyncSession, caller: UUID, time_entry_id: int
) -> TimeEntryRow | None:
    """Find a time entry that the caller can see."""
    statement = _via_time_entry(select(TimeEntryRow), caller)
    row: TimeEntryRow | None = await session.scalar(
        statement.where(col(TimeEntryRow.id) == time_entry_id)
    )
    return row


async def workspace_place(
    session: AsyncSession, caller: UUID, workspace_id: int
) -> Place | None:
    """Find where a visible workspace is: itself."""
    statement = select(col(WorkspaceMemberRow.workspace_id)).where(
        col(WorkspaceMemberRow.workspace_id) == workspace_id,
        col(WorkspaceMemberRow.user_id) == caller,
    )
    return await _place(session, statement)


async def project_place(
    session: AsyncSession, caller: UUID, project_id: int
) -> Place | None:
    """Find the parents of a visible project."""
    statement = select(col(ProjectRow.workspace_id)).select_from(ProjectRow)
    return await _place(
        session,
        _via_project(statement, caller).where(col(ProjectRow.id) == project_id),
    )


async def board_place(
    session: AsyncSession, caller: UUID, board_id: int
) -> Place | None:
    """Find the parents of a visible board."""
    statement = select(col(ProjectRow.workspace_id), col(ProjectRow.id)).select_from(
        BoardRow
    )
    return await _place(
        session, _via_board(statement, caller).where(col(BoardRow.id) == board_id)
    )


async def task_place(session: AsyncSession, caller: UUID, task_id: int) -> Place | None:
    """Find the parents of a visible task."""
    statement = select(
        col(ProjectRow.workspace_id), col(ProjectRow.id), col(BoardRow.id)
    ).select_from(TaskRow)
    return await _place(
        session, _via_task(statement, caller).where(col(TaskRow.id) == task_id)
    )


async def label_place(
    session: AsyncSession, caller: UUID, label_id: int
) -> Place | None:
    """Find the parent of a visible label."""
    statement = _seen_by(
        select(col(LabelRow.workspace_id)).select_from(LabelRow),
        col(LabelRow.workspace_id),
        caller,
    )
    return await _place(session, statement.where(col(LabelRow.id) == label_id))


async def comment_place(
    session: AsyncSession, caller: UUID, comment_id: int
) -> Place | None:
    """Find the parents of a visible comment."""
    statement = select(
        col(ProjectRow.workspace_id),
        col(ProjectRow.id),
        col(BoardRow.id),
        col(TaskRow.id),
    ).select_from(CommentRow)
    return await _place(
        session,
        _via_comment(statement, caller).where(col(CommentRow.id) == comment_id),
    )


async def time_entry_place(
    session: AsyncSession, caller: UUID, time_entry_id: int
) -> Place | None:
    """Find the parents of a visible time entry."""
    statement = select(
        col(ProjectRow.workspace_id),
        col(ProjectRow.id),
        col(BoardRow.id),
        col(TaskRow.id),
    ).select_from(TimeEntryRow)
    return await _place(
        session,
        _via_time_entry(statement, caller).where(
            col(TimeEntryRow.id) == time_entry_id
        ),
    )
