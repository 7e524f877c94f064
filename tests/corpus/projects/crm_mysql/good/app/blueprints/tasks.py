from __future__ import annotations

from flask import Blueprint, g

from app.auth import ANY_ROLE, SALES_ROLES, requires
from app.contract import read_body, read_query
from app.db import unit_of_work
from app.services import tasks as service

blueprint = Blueprint("tasks", __name__)


@blueprint.get("/tasks")
@requires("crm:read", ANY_ROLE)
def list_tasks():
    query = read_query()
    with unit_of_work() as uow:
        return service.list_tasks(uow, g.context, query)


@blueprint.post("/tasks")
@requires("crm:write", SALES_ROLES)
def create_task():
    body = read_body()
    with unit_of_work() as uow:
        return service.create_task(uow, g.context, body), 201


@blueprint.patch("/tasks/<id:task_id>")
@requires("crm:write", SALES_ROLES)
def update_task(task_id: int):
    body = read_body()
    with unit_of_work() as uow:
        return service.update_task(uow, g.context, task_id, body)
