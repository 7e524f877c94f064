"""Time entries."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.models import TaskRow, TimeEntryRow
from app.repositories import lists, visible
from app.repositories.base import Lock, delete_row, insert_row
from app.schemas import TimeEntry, TimeEntryCreate, TimeEntryPage, TimeEntryReplace
from app.services.access import enter, found, hold
from app.services.creation import Created, Creation


async def list_time_entries(
    session: AsyncSession, caller: UUID, task_id: int, limit: int, offset: int
) -> TimeEntryPage:
    """List the time entries of a task."""
    found(await visible.task_place(session, caller, task_id))
    rows, total = await lists.list_time_entries(session, task_id, limit, offset)
    return TimeEntryPage(
        items=[TimeEntry.model_validate(row[0]) for row in rows], total=total
    )


async def create_time_entry(
    session: AsyncSession,
    caller: UUID,
    task_id: int,
    data: TimeEntryCreate,
    key: str | None,
) -> Created[TimeEntry]:
    """Log time that the caller spent."""
    place = found(await visible.task_place(session, caller, task_id))
    await enter(session, caller, place, key=key)
    await hold(session, TaskRow, task_id, Lock.KEY_SHARE)
    creation = Creation.of(caller, key, f"/tasks/{task_id}/time-entries", data)
    replayed = await creation.replay(session, TimeEntry)
    if replayed is not None:
        return replayed
    row = await insert_row(
        session,
        TimeEntryRow,
        task_id=task_id,
        user_id=caller,
        spent_on=data.spent_on,
        minutes=data.minutes,
        note=data.note,
    )
    return await creation.finish(
        session, TimeEntry.model_validate(row), f"/time-entries/{row.id}"
    )


async def get_time_entry(
    session: AsyncSession, caller: UUID, time_entry_id: int
) -> TimeEntry:
    """Get a time entry."""
    row = found(await visible.find_time_entry(session, caller, time_entry_id))
    return TimeEntry.model_validate(row)


async def replace_time_entry(
    session: AsyncSession, caller: UUID, time_entry_id: int, data: TimeEntryReplace
) -> TimeEntry:
    """Set day, minutes and note of a time entry."""
    place = found(await visible.time_entry_place(session, caller, time_entry_id))
    standing = await enter(session, caller, place)
    row = await hold(session, TimeEntryRow, time_entry_id, Lock.UPDATE)
    standing.require_author(row.user_id)
    row.spent_on = data.spent_on
    row.minutes = data.minutes
    row.note = data.note
    await session.flush()
    return TimeEntry.model_validate(row)


async def delete_time_entry(
    session: AsyncSession, caller: UUID, time_entry_id: int
) -> None:
    """Delete a time entry."""
    place = found(await visible.time_entry_place(session, caller, time_entry_id))
    standing = await enter(session, caller, place)
    row = await hold(session, TimeEntryRow, time_entry_id, Lock.UPDATE)
    standing.require_author_or_manager(row.user_id)
    await delete_row(session, row)
