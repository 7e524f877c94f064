"""Warehouses, suppliers and products: everybody reads them, the operator keeps them."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from psycopg import sql
from psycopg.errors import ForeignKeyViolation

from app import schemas
from app.database import Db, transaction
from app.oauth import Admin, Reader
from app.price_list import prices_of
from app.problems import conflict, created, declared, missing
from app.transport import json_only, takes

router = APIRouter(tags=["catalogue"])
ORDERS = {
    schemas.ProductSort.ID: sql.SQL("id"),
    schemas.ProductSort.NAME: sql.SQL("name, id"),
    schemas.ProductSort.PRICE: sql.SQL("price_cents, id"),
    schemas.ProductSort.PRICE_DESCENDING: sql.SQL("price_cents desc, id desc"),
}
PRICE = {
    "type": "object",
    "description": "A price of a product.",
    "required": ["sku", "cents"],
    "additionalProperties": False,
    "properties": {
        "sku": {
            "type": "string",
            "description": "The article's code.",
            "pattern": "^[A-Z0-9][A-Z0-9-]{1,31}$",
            "maxLength": 32,
            "xml": {"attribute": True},
        },
        "cents": {
            "type": "integer",
            "format": "int64",
            "description": "The new price in cents.",
            "minimum": 1,
            "maximum": 100_000_000,
            "xml": {"attribute": True},
        },
    },
}
PRICE_LIST = {
    "requestBody": {
        "required": True,
        "description": "Elements `price` in an element `prices`, each SKU once; at most 256 KiB.",
        "content": {
            "application/xml": {
                "schema": {
                    "type": "object",
                    "description": "The list.",
                    "xml": {"name": "prices"},
                    "additionalProperties": False,
                    "properties": {
                        "price": {"type": "array", "description": "The prices.", "maxItems": 2000, "items": PRICE}
                    },
                }
            }
        },
    }
}


async def raw_body(request: Request) -> bytes:
    """The bytes of the body."""
    return await request.body()


def counted(row: dict[str, Any] | None) -> int:
    """The number that a `count(*) as n` gave."""
    return int(row["n"]) if row else 0


@router.get("/warehouses", operation_id="list_warehouses", responses=declared(401, 403, 422))
def list_warehouses(_caller: Reader, limit: schemas.Limit = 20, offset: schemas.Offset = 0) -> schemas.WarehousePage:
    """The warehouses, ordered by code."""
    with transaction() as db:
        total = counted(db.execute("select count(*) as n from warehouses").fetchone())
        rows = db.execute(
            "select id, code, name, created_at from warehouses order by code limit %s offset %s", (limit, offset)
        ).fetchall()
    return schemas.WarehousePage.model_validate({"items": rows, "total": total, "limit": limit, "offset": offset})


@router.post(
    "/warehouses",
    status_code=201,
    operation_id="create_warehouse",
    responses=declared(401, 403, 409, 413, 415, 422),
    dependencies=[Depends(json_only)],
)
def create_warehouse(body: schemas.WarehouseNew, _caller: Admin) -> schemas.Warehouse:
    """Make a warehouse. Its code must be new (409)."""
    with transaction() as db:
        row = db.execute(
            "insert into warehouses (code, name) values (%s, %s) returning id, code, name, created_at",
            (body.code, body.name),
        ).fetchone()
    return schemas.Warehouse.model_validate(row)


@router.post(
    "/suppliers",
    status_code=201,
    operation_id="create_supplier",
    responses=declared(401, 403, 409, 413, 415, 422),
    dependencies=[Depends(json_only)],
)
def create_supplier(body: schemas.SupplierNew, _caller: Admin) -> schemas.Supplier:
    """Make a supplier. Its code must be new (409)."""
    with transaction() as db:
        row = db.execute(
            "insert into suppliers (code, name) values (%s, %s) returning id, code, name, created_at",
            (body.code, body.name),
        ).fetchone()
    return schemas.Supplier.model_validate(row)


@router.put(
    "/suppliers/{supplier_id}/price-list",
    operation_id="import_price_list",
    responses=declared(401, 403, 404, 413, 415, 422),
    dependencies=[Depends(takes("application/xml"))],
    openapi_extra=PRICE_LIST,
)
def import_price_list(
    supplier_id: schemas.PathId, _caller: Admin, document: Annotated[bytes, Depends(raw_body)]
) -> schemas.PriceImport:
    """Set the prices of a supplier's products by an XML list. Entities and document types are refused."""
    prices = prices_of(document)
    with transaction() as db:
        if db.execute("select id from suppliers where id = %s", (supplier_id,)).fetchone() is None:
            raise missing("supplier")
        known, changed = _reprice(db, supplier_id, prices)
    return schemas.PriceImport(changed=changed, unknown=[sku for sku in prices if sku not in known])


def _reprice(db: Db, supplier_id: int, prices: dict[str, int]) -> tuple[set[str], int]:
    """The supplier's products among the SKUs, and how many prices were changed."""
    rows = db.execute(
        "select sku from products where supplier_id = %s and sku = any(%s) order by id for update",
        (supplier_id, list(prices)),
    ).fetchall()
    changed = db.execute(
        "update products p set price_cents = n.price_cents "
        "from unnest(%s::text[], %s::bigint[]) as n (sku, price_cents) "
        "where p.sku = n.sku and p.supplier_id = %s and p.price_cents <> n.price_cents",
        (list(prices), list(prices.values()), supplier_id),
    ).rowcount
    return {row["sku"] for row in rows}, changed


@router.get("/products", operation_id="list_products", responses=declared(401, 403, 422))
def list_products(
    _caller: Reader,
    status: Annotated[schemas.ProductStatus | None, Query(description="Only with this status.")] = None,
    supplier_id: schemas.IdFilter = None,
    sort: Annotated[schemas.ProductSort, Query(description="The order.")] = schemas.ProductSort.ID,
    limit: schemas.Limit = 20,
    offset: schemas.Offset = 0,
) -> schemas.ProductPage:
    """The products, in the wanted order."""
    where = sql.SQL(
        "(%(status)s::text is null or status = %(status)s) "
        "and (%(supplier)s::bigint is null or supplier_id = %(supplier)s)"
    )
    values = {"status": status, "supplier": supplier_id, "limit": limit, "offset": offset}
    with transaction() as db:
        total = db.execute(sql.SQL("select count(*) as n from products where {}").format(where), values).fetchone()
        rows = db.execute(
            sql.SQL(
                "select id, supplier_id, sku, name, price_cents, status, created_at from products where {} "
                "order by {} limit %(limit)s offset %(offset)s"
            ).format(where, ORDERS[sort]),
            values,
        ).fetchall()
    return schemas.ProductPage.model_validate(
        {"items": rows, "total": counted(total), "limit": limit, "offset": offset}
    )


@router.post(
    "/products",
    status_code=201,
    operation_id="create_product",
    responses=created(401, 403, 404, 409, 413, 415, 422),
    dependencies=[Depends(json_only)],
)
def create_product(body: schemas.ProductNew, _caller: Admin, response: Response) -> schemas.Product:
    """Make a product of a supplier (404 if there is none). Its SKU must be new (409)."""
    with transaction() as db:
        try:
            row = db.execute(
                "insert into products (supplier_id, sku, name, price_cents) values (%s, %s, %s, %s) "
                "returning id, supplier_id, sku, name, price_cents, status, created_at",
                (body.supplier_id, body.sku, body.name, body.price_cents),
            ).fetchone()
        except ForeignKeyViolation:
            raise missing("supplier") from None
    made = schemas.Product.model_validate(row)
    response.headers["Location"] = f"/products/{made.id}"
    return made


@router.get("/products/{product_id}", operation_id="get_product", responses=declared(401, 403, 404, 422))
def get_product(product_id: schemas.PathId, _caller: Reader) -> schemas.Product:
    """One product."""
    with transaction() as db:
        row = db.execute(
            "select id, supplier_id, sku, name, price_cents, status, created_at from products where id = %s",
            (product_id,),
        ).fetchone()
    if row is None:
        raise missing("product")
    return schemas.Product.model_validate(row)


@router.patch(
    "/products/{product_id}",
    operation_id="change_product",
    responses=declared(401, 403, 404, 409, 413, 415, 422),
    dependencies=[Depends(json_only)],
)
def change_product(product_id: schemas.PathId, body: schemas.ProductChange, _caller: Admin) -> schemas.Product:
    """Change a product. One that is discontinued stays so (409)."""
    given = body.model_dump(exclude_unset=True)
    values = {"name": None, "price_cents": None, "status": None, **given, "id": product_id}
    with transaction() as db:
        row = db.execute("select status from products where id = %s for update", (product_id,)).fetchone()
        if row is None:
            raise missing("product")
        if row["status"] == "discontinued" and given.get("status") == schemas.ProductStatus.ACTIVE:
            raise conflict("A discontinued product stays so.")
        changed = db.execute(
            "update products set name = coalesce(%(name)s, name), "
            "price_cents = coalesce(%(price_cents)s, price_cents), status = coalesce(%(status)s, status) "
            "where id = %(id)s "
            "returning id, supplier_id, sku, name, price_cents, status, created_at",
            values,
        ).fetchone()
    return schemas.Product.model_validate(changed)
