"""Tasks, their status and their labels."""

from fastapi import APIRouter, Response

from app.auth import AuthenticatedRoute, Caller, Db
from app.problems import created, problems
from app.routes.params import (
    BoardId,
    IdempotencyKey,
    LabelId,
    Limit,
    Offset,
    StatusFilter,
    TaskId,
)
from app.schemas import Task, TaskCreate, TaskPage, TaskReplace, TaskStatusInput
from app.services import tasks

router = APIRouter(tags=["tasks"], route_class=AuthenticatedRoute)


@router.get(
    "/boards/{board_id}/tasks",
    operation_id="listTasks",
    summary="List tasks",
    responses=problems(401, 404, 422),
)
async def list_tasks(
    caller: Caller,
    database: Db,
    board_id: BoardId,
    status: StatusFilter = None,
    limit: Limit = 50,
    offset: Offset = 0,
) -> TaskPage:
    """List the tasks on the board, by id, or those in one status."""
    return await database.run(
        tasks.list_tasks, caller.id, board_id, status, limit, offset
    )


@router.post(
    "/boards/{board_id}/tasks",
    operation_id="createTask",
    summary="Create a task",
    status_code=201,
    responses={**created("The new task."), **problems(401, 404, 409, 422)},
)
async def create_task(
    caller: Caller,
    database: Db,
    board_id: BoardId,
    body: TaskCreate,
    response: Response,
    idempotency_key: IdempotencyKey = None,
) -> Task:
    """Create a task on the board, with the status todo."""
    made = await database.run(
        tasks.create_task, caller.id, board_id, body, idempotency_key
    )
    response.headers["Location"] = made.location
    return made.body


@router.get(
    "/tasks/{task_id}",
    operation_id="getTask",
    summary="Get a task",
    responses=problems(401, 404, 422),
)
async def get_task(caller: Caller, database: Db, task_id: TaskId) -> Task:
    """Give one task with the ids of its labels."""
    return await database.run(tasks.get_task, caller.id, task_id)


@router.put(
    "/tasks/{task_id}",
    operation_id="replaceTask",
    summary="Replace a task",
    responses=problems(401, 404, 422),
)
async def replace_task(
    caller: Caller, database: Db, task_id: TaskId, body: TaskReplace
) -> Task:
    """Set title, description, assignee and due date."""
    return await database.run(tasks.replace_task, caller.id, task_id, body)


@router.delete(
    "/tasks/{task_id}",
    operation_id="deleteTask",
    summary="Delete a task",
    status_code=204,
    response_description="Deleted.",
    responses=problems(401, 403, 404, 422),
)
async def delete_task(caller: Caller, database: Db, task_id: TaskId) -> Response:
    """Delete the task with its comments and time entries."""
    await database.run(tasks.delete_task, caller.id, task_id)
    return Response(status_code=204)


@router.put(
    "/tasks/{task_id}/status",
    operation_id="setTaskStatus",
    summary="Set a task's status",
    responses=problems(401, 404, 409, 422),
)
async def set_task_status(
    caller: Caller, database: Db, task_id: TaskId, body: TaskStatusInput
) -> Task:
    """Move the task to a status."""
    return await database.run(tasks.set_task_status, caller.id, task_id, body)


@router.put(
    "/tasks/{task_id}/labels/{label_id}",
    operation_id="attachLabel",
    summary="Attach a label",
    status_code=204,
    response_description="The label is attached.",
    responses=problems(401, 404, 409, 422),
)
async def attach_label(
    caller: Caller, database: Db, task_id: TaskId, label_id: LabelId
) -> Response:
    """Put a label of the same workspace on the task."""
    await database.run(tasks.attach_label, caller.id, task_id, label_id)
    return Response(status_code=204)


@router.delete(
    "/tasks/{task_id}/labels/{label_id}",
    operation_id="detachLabel",
    summary="Detach a label",
    status_code=204,
    response_description="Detached.",
    responses=problems(401, 404, 422),
)
async def detach_label(
    caller: Caller, database: Db, task_id: TaskId, label_id: LabelId
) -> Response:
    """Take a label off the task."""
    await database.run(tasks.detach_label, caller.id, task_id, label_id)
    return Response(status_code=204)
