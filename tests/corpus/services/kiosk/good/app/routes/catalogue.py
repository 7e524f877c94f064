"""Products."""

from fastapi import APIRouter, Depends, Response

from app import schemas
from app.database import Db, Row, many, one, transaction
from app.problems import created, declared, missing
from app.security import Anybody, Staff
from app.transport import json_only

router = APIRouter(tags=["catalogue"])
COLUMNS = "id, sku, name, price_cents, stock, is_listed, created_at"
CHANGED = {
    "name": "UPDATE products SET name = %s WHERE id = %s",
    "price_cents": "UPDATE products SET price_cents = %s WHERE id = %s",
    "stock": "UPDATE products SET stock = %s WHERE id = %s",
    "is_listed": "UPDATE products SET is_listed = %s WHERE id = %s",
}


def counted(row: Row | None) -> int:
    """The number in a row `n`."""
    return int(row["n"]) if row else 0


def _product(db: Db, product_id: int) -> Row | None:
    return one(db, f"SELECT {COLUMNS} FROM products WHERE id = %s", product_id)


@router.get("/products", operation_id="list_products", responses=declared(401, 422))
def list_products(
    _caller: Anybody, q: schemas.Words = None, limit: schemas.Limit = 20, offset: schemas.Offset = 0
) -> schemas.ProductPage:
    """What is sold, ordered by id."""
    pattern = None
    if q is not None:
        pattern = "%" + q.replace("!", "!!").replace("%", "!%").replace("_", "!_") + "%"
    with transaction() as db:
        where = "WHERE %s IS NULL OR name LIKE %s ESCAPE '!'"
        total = one(db, f"SELECT count(*) AS n FROM products {where}", pattern, pattern)
        rows = many(
            db,
            f"SELECT {COLUMNS} FROM products {where} ORDER BY id LIMIT %s OFFSET %s",
            pattern,
            pattern,
            limit,
            offset,
        )
    page = {"items": rows, "total": counted(total), "limit": limit, "offset": offset}
    return schemas.ProductPage.model_validate(page)


@router.get("/products/{product_id}", operation_id="get_product", responses=declared(401, 404, 422))
def get_product(product_id: schemas.PathId, _caller: Anybody) -> schemas.Product:
    """A product."""
    with transaction() as db:
        row = _product(db, product_id)
    if row is None:
        raise missing("product")
    return schemas.Product.model_validate(row)


@router.post(
    "/products",
    status_code=201,
    operation_id="create_product",
    responses=created(401, 403, 409, 413, 415, 422),
    dependencies=[Depends(json_only)],
)
def create_product(body: schemas.ProductNew, _caller: Staff, response: Response) -> schemas.Product:
    """Sell something. A SKU that another product has is a 409."""
    with transaction() as db:
        db.execute(
            "INSERT INTO products (sku, name, price_cents, stock) VALUES (%s, %s, %s, %s)",
            (body.sku, body.name, body.price_cents, body.stock),
        )
        made = schemas.Product.model_validate(_product(db, db.lastrowid))
    response.headers["Location"] = f"/products/{made.id}"
    return made


@router.patch(
    "/products/{product_id}",
    operation_id="change_product",
    responses=declared(401, 403, 404, 413, 415, 422),
    dependencies=[Depends(json_only)],
)
def change_product(product_id: schemas.PathId, body: schemas.ProductChange, _caller: Staff) -> schemas.Product:
    """Change what is given, and leave the rest."""
    with transaction() as db:
        for name, value in body.model_dump(exclude_unset=True).items():
            db.execute(CHANGED[name], (value, product_id))
        row = _product(db, product_id)
    if row is None:
        raise missing("product")
    return schemas.Product.model_validate(row)
