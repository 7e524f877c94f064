from __future__ import annotations

from flask import Blueprint, g

from app.auth import ANY_ROLE, SALES_ROLES, requires
from app.contract import read_body, read_query
from app.db import unit_of_work
from app.services import companies as service

blueprint = Blueprint("companies", __name__)


@blueprint.get("/companies")
@requires("crm:read", ANY_ROLE)
def list_companies():
    query = read_query()
    with unit_of_work() as uow:
        return service.list_companies(uow, g.context, query)


@blueprint.post("/companies")
@requires("crm:write", SALES_ROLES)
def create_company():
    body = read_body()
    with unit_of_work() as uow:
        company = service.create_company(uow, g.context, body)
    return company, 201, {"Location": f"/v1/companies/{company['id']}"}


@blueprint.get("/companies/<id:company_id>")
@requires("crm:read", ANY_ROLE)
def get_company(company_id: int):
    with unit_of_work() as uow:
        return service.get_company(uow, g.context, company_id)


@blueprint.patch("/companies/<id:company_id>")
@requires("crm:write", SALES_ROLES)
def update_company(company_id: int):
    body = read_body()
    with unit_of_work() as uow:
        return service.update_company(uow, g.context, company_id, body)
