from __future__ import annotations

from app.clock import parse_time
from app.context import Context
from app.errors import NotFound
from app.pagination import decode_time_and_id, page
from app.services.checks import require_contacts, require_member


def list_tasks(uow, ctx: Context, query: dict) -> dict:
    after = decode_time_and_id(query.get("cursor"))
    rows = uow.tasks.list(ctx.workspace_id, query, after, query["limit"] + 1)
    return page(rows, query["limit"], "due_at", "id")


def create_task(uow, ctx: Context, body: dict) -> dict:
    assignee_user_id = body.get("assignee_user_id", ctx.user_id)
    require_member(uow, ctx, "assignee_user_id", assignee_user_id)
    if "contact_id" in body:
        require_contacts(uow, ctx, {"contact_id": body["contact_id"]})
    task_id = uow.tasks.insert(
        ctx.workspace_id,
        {
            "kind": body["kind"],
            "title": body["title"],
            "description": body.get("description"),
            "due_at": parse_time(body["due_at"]),
            "assignee_user_id": assignee_user_id,
            "created_by_user_id": ctx.user_id,
            "company_id": body.get("company_id"),
            "contact_id": body.get("contact_id"),
            "deal_id": body.get("deal_id"),
        },
    )
    uow.audit.record(ctx, "task.created", "task", task_id)
    return uow.tasks.get(ctx.workspace_id, task_id)


def update_task(uow, ctx: Context, task_id: int, body: dict) -> dict:
    task = uow.tasks.get(ctx.workspace_id, task_id, lock=True)
    if task is None:
        raise NotFound("task")
    changes = dict(body)
    require_member(uow, ctx, "assignee_user_id", body.get("assignee_user_id"))
    if "due_at" in body:
        changes["due_at"] = parse_time(body["due_at"])
    if "status" in body and body["status"] != task["status"]:
        changes["completed_at"] = ctx.now if body["status"] == "done" else None
    uow.tasks.update(ctx.workspace_id, task_id, changes)
    uow.audit.record(ctx, "task.updated", "task", task_id, {"fields": sorted(body)})
    return uow.tasks.get(ctx.workspace_id, task_id)
