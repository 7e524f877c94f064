"""Queries on the labels of tasks."""

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.models import LabelRow, TaskLabelRow
from app.repositories.base import Lock, locked


async def label_ids_of(
    session: AsyncSession, task_ids: Collection[int]
) -> dict[int, list[int]]:
    """Give the label ids of some tasks, ascending, in one statement."""
    found: dict[int, list[int]] = defaultdict(list)
    if not task_ids:
        return found
    result = await session.execute(
        select(col(TaskLabelRow.task_id), col(TaskLabelRow.label_id))
        .where(col(TaskLabelRow.task_id).in_(list(task_ids)))
        .order_by(col(TaskLabelRow.task_id), col(TaskLabelRow.label_id))
    )
    for task_id, label_id in result.all():
        found[task_id].append(label_id)
    return found


async def lock_label_of(
    session: AsyncSession, workspace_id: int, label_id: int
) -> LabelRow | None:
    """Lock a label of a workspace against deletion."""
    statement = select(LabelRow).where(
        col(LabelRow.id) == label_id, col(LabelRow.workspace_id) == workspace_id
    )
    row: LabelRow | None = await session.scalar(locked(statement, Lock.KEY_SHARE))
    return row


async def detach(session: AsyncSession, task_id: int, label_id: int) -> None:
    """Take a label off a task."""
    await session.execute(
        delete(TaskLabelRow)
        .where(
            col(TaskLabelRow.task_id) == task_id,
            col(TaskLabelRow.label_id) == label_id,
        )
        .execution_options(synchronize_session=False)
    )
