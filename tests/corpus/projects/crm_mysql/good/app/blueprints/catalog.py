from __future__ import annotations

from flask import Blueprint, g

from app.auth import ADMIN_ROLES, ANY_ROLE, requires
from app.contract import read_body, read_query
from app.db import unit_of_work
from app.services import catalog as service

blueprint = Blueprint("catalog", __name__)


@blueprint.get("/products")
@requires("crm:read", ANY_ROLE)
def list_products():
    query = read_query()
    with unit_of_work() as uow:
        return service.list_products(uow, g.context, query)


@blueprint.post("/products")
@requires("catalog:write", ADMIN_ROLES)
def create_product():
    body = read_body()
    with unit_of_work() as uow:
        return service.create_product(uow, g.context, body), 201


@blueprint.post("/products/<id:product_id>/prices")
@requires("catalog:write", ADMIN_ROLES)
def create_price(product_id: int):
    body = read_body()
    with unit_of_work() as uow:
        return service.create_price(uow, g.context, product_id, body), 201
