"""Time entries."""

from fastapi import APIRouter, Response

from app.auth import AuthenticatedRoute, Caller, Db
from app.problems import created, problems
from app.routes.params import IdempotencyKey, Limit, Offset, TaskId, TimeEntryId
from app.schemas import TimeEntry, TimeEntryCreate, TimeEntryPage, TimeEntryReplace
from app.services import time_entries

router = APIRouter(tags=["time-entries"], route_class=AuthenticatedRoute)


@router.get(
    "/tasks/{task_id}/time-entries",
    operation_id="listTimeEntries",
    summary="List time entries",
    responses=problems(401, 404, 422),
)
async def list_time_entries(
    caller: Caller,
    database: Db,
    task_id: TaskId,
    limit: Limit = 50,
    offset: Offset = 0,
) -> TimeEntryPage:
    """List the time entries of the task, by id."""
    return await database.run(
        time_entries.list_time_entries, caller.id, task_id, limit, offset
    )


@router.post(
    "/tasks/{task_id}/time-entries",
    operation_id="createTimeEntry",
    summary="Create a time entry",
    status_code=201,
    responses={**created("The new time entry."), **problems(401, 404, 409, 422)},
)
async def create_time_entry(
    caller: Caller,
    database: Db,
    task_id: TaskId,
    body: TimeEntryCreate,
    response: Response,
    idempotency_key: IdempotencyKey = None,
) -> TimeEntry:
    """Log time that the caller spent on the task."""
    made = await database.run(
        time_entries.create_time_entry, caller.id, task_id, body, idempotency_key
    )
    response.headers["Location"] = made.location
    return made.body


@router.get(
    "/time-entries/{time_entry_id}",
    operation_id="getTimeEntry",
    summary="Get a time entry",
    responses=problems(401, 404, 422),
)
async def get_time_entry(
    caller: Caller, database: Db, time_entry_id: TimeEntryId
) -> TimeEntry:
    """Give one time entry."""
    return await database.run(time_entries.get_time_entry, caller.id, time_entry_id)


@router.put(
    "/time-entries/{time_entry_id}",
    operation_id="replaceTimeEntry",
    summary="Replace a time entry",
    responses=problems(401, 403, 404, 422),
)
async def replace_time_entry(
    caller: Caller,
    database: Db,
    time_entry_id: TimeEntryId,
    body: TimeEntryReplace,
) -> TimeEntry:
    """Set day, minutes and note. For who logged it."""
    return await database.run(
        time_entries.replace_time_entry, caller.id, time_entry_id, body
    )


@router.delete(
    "/time-entries/{time_entry_id}",
    operation_id="deleteTimeEntry",
    summary="Delete a time entry",
    status_code=204,
    response_description="Deleted.",
    responses=problems(401, 403, 404, 422),
)
async def delete_time_entry(
    caller: Caller, database: Db, time_entry_id: TimeEntryId
) -> Response:
    """Delete the time entry. For who logged it and the managers."""
    await database.run(time_entries.delete_time_entry, caller.id, time_entry_id)
    return Response(status_code=204)
