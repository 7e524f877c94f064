from __future__ import annotations

from app.context import Context
from app.errors import Conflict, NotFound
from app.pagination import decode_id, page

MAX_PRICES = 50


def list_products(uow, ctx: Context, query: dict) -> dict:
    rows = uow.products.list(ctx.workspace_id, query, decode_id(query.get("cursor")), query["limit"] + 1)
    return page(rows, query["limit"], "id")


def create_product(uow, ctx: Context, body: dict) -> dict:
    fields = {"description": None, "tax_category": "standard", **body}
    product_id = uow.products.insert(ctx.workspace_id, fields)
    uow.audit.record(ctx, "product.created", "product", product_id)
    return uow.products.get(ctx.workspace_id, product_id)


def create_price(uow, ctx: Context, product_id: int, body: dict) -> dict:
    product = uow.products.get(ctx.workspace_id, product_id, lock=True)
    if product is None:
        raise NotFound("product")
    if not product["is_active"]:
        raise Conflict("The product is no longer on sale.")
    if len(product["prices"]) >= MAX_PRICES:
        raise Conflict(f"A product has {MAX_PRICES} prices at most.")
    fields = {"nickname": None, "interval_count": 1, **body}
    price_id = uow.products.insert_price(ctx.workspace_id, product_id, fields)
    uow.audit.record(ctx, "price.created", "price", price_id, {"product_id": product_id})
    return uow.products.get_price(ctx.workspace_id, price_id)
