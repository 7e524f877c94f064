"""Tasks, their status and their labels."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.config import MAX_TASK_LABELS
from app.errors import ConflictError, NotFoundError
from app.models import BoardRow, TaskLabelRow, TaskRow
from app.repositories import lists, task_labels, visible
from app.repositories.base import Lock, delete_row, insert_row
from app.schemas import Task, TaskCreate, TaskPage, TaskReplace, TaskStatusInput
from app.services.access import Standing, enter, found, hold
from app.services.creation import Created, Creation
from app.services.rules import may_move


def _task(row: TaskRow, label_ids: Sequence[int]) -> Task:
    return Task.model_validate(
        {
            "id": row.id,
            "board_id": row.board_id,
            "created_by": row.created_by,
            "assignee_id": row.assignee_id,
            "title": row.title,
            "description": row.description,
            "status": row.status,
            "due_on": row.due_on,
            "label_ids": list(label_ids),
            "created_at": row.created_at,
        }
    )


async def _labelled(session: AsyncSession, row: TaskRow) -> Task:
    labels = await task_labels.label_ids_of(session, [row.id])
    return _task(row, labels.get(row.id, []))


def _assignee(assignee_id: UUID | None) -> list[UUID]:
    return [] if assignee_id is None else [assignee_id]


def _require_assignable(standing: Standing, assignee_id: UUID | None) -> None:
    if assignee_id is not None and assignee_id not in standing.members:
        message = "The assignee is not a member of the workspace."
        raise NotFoundError(message)


async def list_tasks(
    session: AsyncSession,
    caller: UUID,
    board_id: int,
    status: str | None,
    limit: int,
    offset: int,
) -> TaskPage:
    """List the tasks of a board."""
    found(await visible.board_place(session, caller, board_id))
    rows, total = await lists.list_tasks(session, board_id, status, limit, offset)
    tasks: list[TaskRow] = [row[0] for row in rows]
    labels = await task_labels.label_ids_of(session, [task.id for task in tasks])
    return TaskPage(
        items=[_task(task, labels.get(task.id, [])) for task in tasks], total=total
    )


async def create_task(
    session: AsyncSession,
    caller: UUID,
    board_id: int,
    data: TaskCreate,
    key: str | None,
) -> Created[Task]:
    """Create a task on a board."""
    place = found(await visible.board_place(session, caller, board_id))
    standing = await enter(
        session, caller, place, key=key, others=_assignee(data.assignee_id)
    )
    await hold(session, BoardRow, board_id, Lock.KEY_SHARE)
    creation = Creation.of(caller, key, f"/boards/{board_id}/tasks", data)
    replayed = await creation.replay(session, Task)
    if replayed is not None:
        return replayed
    _require_assignable(standing, data.assignee_id)
    row = await insert_row(
        session,
        TaskRow,
        board_id=board_id,
        created_by=caller,
        assignee_id=data.assignee_id,
        title=data.title,
        description=data.description,
        status="todo",
        due_on=data.due_on,
    )
    return await creation.finish(session, _task(row, []), f"/tasks/{row.id}")


async def get_task(session: AsyncSession, caller: UUID, task_id: int) -> Task:
    """Get a task with the ids of its labels."""
    row = found(await visible.find_task(session, caller, task_id))
    return await _labelled(session, row)


async def replace_task(
    session: AsyncSession, caller: UUID, task_id: int, data: TaskReplace
) -> Task:
    """Set all of a task but its status."""
    place = found(await visible.task_place(session, caller, task_id))
    standing = await enter(session, caller, place, others=_assignee(data.assignee_id))
    row = await hold(session, TaskRow, task_id, Lock.UPDATE)
    _require_assignable(standing, data.assignee_id)
    row.title = data.title
    row.description = data.description
    row.assignee_id = data.assignee_id
    row.due_on = data.due_on
    await session.flush()
    return await _labelled(session, row)


async def delete_task(session: AsyncSession, caller: UUID, task_id: int) -> None:
    """Delete a task."""
    place = found(await visible.task_place(session, caller, task_id))
    standing = await enter(session, caller, place)
    row = await hold(session, TaskRow, task_id, Lock.UPDATE)
    standing.require_author_or_manager(row.created_by)
    await delete_row(session, row)


async def set_task_status(
    session: AsyncSession, caller: UUID, task_id: int, data: TaskStatusInput
) -> Task:
    """Move a task to a status."""
    place = found(await visible.task_place(session, caller, task_id))
    await enter(session, caller, place)
    row = await hold(session, TaskRow, task_id, Lock.UPDATE)
    if not may_move(row.status, data.status):
        message = f"A task cannot go from {row.status} to {data.status}."
        raise ConflictError(message)
    row.status = data.status
    await session.flush()
    return await _labelled(session, row)


async def attach_label(
    session: AsyncSession, caller: UUID, task_id: int, label_id: int
) -> None:
    """Put a label on a task."""
    place = found(await visible.task_place(session, caller, task_id))
    await enter(session, caller, place)
    await hold(session, TaskRow, task_id, Lock.UPDATE)
    found(await task_labels.lock_label_of(session, place.workspace_id, label_id))
    attached = (await task_labels.label_ids_of(session, [task_id])).get(task_id, [])
    if label_id in attached:
        return
    if len(attached) >= MAX_TASK_LABELS:
        message = f"A task takes {MAX_TASK_LABELS} labels at most."
        raise ConflictError(message)
    await insert_row(session, TaskLabelRow, task_id=task_id, label_id=label_id)


async def detach_label(
    session: AsyncSession, caller: UUID, task_id: int, label_id: int
) -> None:
    """Take a label off a task."""
    place = found(await visible.task_place(session, caller, task_id))
    await enter(session, caller, place)
    await hold(session, TaskRow, task_id, Lock.UPDATE)
    attached = (await task_labels.label_ids_of(session, [task_id])).get(task_id, [])
    if label_id not in attached:
        raise NotFoundError
    await task_labels.detach(session, task_id, label_id)
