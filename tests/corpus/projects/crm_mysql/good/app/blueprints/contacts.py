from __future__ import annotations

from flask import Blueprint, g

from app.auth import ANY_ROLE, SALES_ROLES, requires
from app.contract import read_body, read_query
from app.db import unit_of_work
from app.services import contacts as service

blueprint = Blueprint("contacts", __name__)


@blueprint.get("/contacts")
@requires("crm:read", ANY_ROLE)
def list_contacts():
    query = read_query()
    with unit_of_work() as uow:
        return service.list_contacts(uow, g.context, query)


@blueprint.post("/contacts")
@requires("crm:write", SALES_ROLES)
def create_contact():
    body = read_body()
    with unit_of_work() as uow:
        contact = service.create_contact(uow, g.context, body)
    return contact, 201, {"Location": f"/v1/contacts/{contact['id']}"}


@blueprint.get("/contacts/<id:contact_id>")
@requires("crm:read", ANY_ROLE)
def get_contact(contact_id: int):
    with unit_of_work() as uow:
        return service.get_contact(uow, g.context, contact_id)


@blueprint.patch("/contacts/<id:contact_id>")
@requires("crm:write", SALES_ROLES)
def update_contact(contact_id: int):
    body = read_body()
    with unit_of_work() as uow:
        return service.update_contact(uow, g.context, contact_id, body)


@blueprint.delete("/contacts/<id:contact_id>")
@requires("crm:write", SALES_ROLES)
def archive_contact(contact_id: int):
    with unit_of_work() as uow:
        service.archive_contact(uow, g.context, contact_id)
    return "", 204
