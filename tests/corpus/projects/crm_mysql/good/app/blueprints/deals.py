from __future__ import annotations

from flask import Blueprint, g

from app.auth import ANY_ROLE, SALES_ROLES, requires
from app.contract import read_body, read_query
from app.db import unit_of_work
from app.services import deals as service

blueprint = Blueprint("deals", __name__)


@blueprint.get("/pipelines")
@requires("crm:read", ANY_ROLE)
def list_pipelines():
    query = read_query()
    with unit_of_work() as uow:
        return service.list_pipelines(uow, g.context, query)


@blueprint.get("/deals")
@requires("crm:read", ANY_ROLE)
def list_deals():
    query = read_query()
    with unit_of_work() as uow:
        return service.list_deals(uow, g.context, query)


@blueprint.post("/deals")
@requires("crm:write", SALES_ROLES)
def create_deal():
    body = read_body()
    with unit_of_work() as uow:
        deal = service.create_deal(uow, g.context, body)
    return deal, 201, {"Location": f"/v1/deals/{deal['id']}"}


@blueprint.get("/deals/<id:deal_id>")
@requires("crm:read", ANY_ROLE)
def get_deal(deal_id: int):
    with unit_of_work() as uow:
        return service.get_deal(uow, g.context, deal_id)


@blueprint.post("/deals/<id:deal_id>/stage-changes")
@requires("crm:write", SALES_ROLES)
def change_deal_stage(deal_id: int):
    body = read_body()
    with unit_of_work() as uow:
        return service.change_stage(uow, g.context, deal_id, body)
