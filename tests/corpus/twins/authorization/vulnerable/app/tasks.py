"""Tasks, and what names several things at once."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from app.caller import User
from app.drawers import found
from app.letters import letter
from app.models import Counted, Id, Letter, Move, Page, Preview, Sealing, Task, TaskIn, TaskPatch
from app.store import one, run

router = APIRouter(responses={401: {"description": "No token."}, 404: {"description": "Not there."}})


def own(task_id: int, user: dict[str, Any]) -> dict[str, Any]:
    """The caller's task. Raises 404."""
    return found(one("SELECT * FROM tasks WHERE id = ? AND owner_id = ?", task_id, user["id"]))


@router.get("/tasks", response_model=list[Task])
def tasks(user: User, owner_id: Id | None = None, everybody: bool = False) -> Any:
    if everybody:
        return run("SELECT * FROM tasks ORDER BY id LIMIT 50")
    return run("SELECT * FROM tasks WHERE owner_id = ? ORDER BY id LIMIT 50", owner_id or user["id"])


@router.get("/tasks/{task_id}", response_model=Task)
def task(task_id: int, user: User) -> Any:
    return own(task_id, user)


@router.post("/tasks", status_code=201, response_model=Task)
def add_task(given: TaskIn, user: User) -> Any:
    return one(
        "INSERT INTO tasks (owner_id, folder_id, title) VALUES (?, ?, ?) RETURNING *",
        user["id"],
        given.folder_id,
        given.title,
    )


@router.patch("/tasks/{task_id}", response_model=Task)
def change_task(task_id: int, given: TaskPatch, user: User) -> Any:
    held = own(task_id, user) | given.model_dump(exclude_unset=True)
    return one(
        "UPDATE tasks SET title = ?, parent_id = ? WHERE id = ? RETURNING *", held["title"], held["parent_id"], task_id
    )


@router.put("/tasks/{task_id}/folder/{folder_id}", response_model=Task)
def file_task(task_id: int, folder_id: int, user: User) -> Any:
    own(task_id, user)
    return one("UPDATE tasks SET folder_id = ? WHERE id = ? RETURNING *", folder_id, task_id)


@router.post("/letters/move", response_model=list[Letter])
def move(given: Move, user: User) -> Any:
    for each in given.letter_ids:
        letter(each, user)
    return [
        one("UPDATE letters SET folder_id = ? WHERE id = ? RETURNING *", given.target_folder_id, each)
        for each in given.letter_ids
    ]


@router.post("/letters/seal", response_model=Counted)
def seal_all(given: Sealing, user: User) -> Any:
    for each in given.letter_ids:
        run("UPDATE letters SET status = 'sealed' WHERE id = ?", each)
    return {"count": len(given.letter_ids)}


@router.post("/previews", response_model=list[Page])
def preview(given: Preview, user: User) -> Any:
    return run("SELECT * FROM pages WHERE folder_id = ? ORDER BY id LIMIT 50", given.folder)


@router.get("/letter-count", response_model=Counted)
def count(user: User, folder_id: Annotated[Id, Query()]) -> Any:
    return one("SELECT count(*) AS count FROM letters WHERE folder_id = ?", folder_id)
