"""Products: everybody reads them, administrators write them."""

from typing import Any

from fastapi import APIRouter

from app.caller import Admin, User
from app.drawers import found
from app.models import Product, ProductIn
from app.store import one, run

router = APIRouter(responses={401: {"description": "No token."}, 404: {"description": "Not there."}})
CLOSED: dict[int | str, dict[str, Any]] = {403: {"description": "For administrators."}}


@router.get("/products", response_model=list[Product])
def products(user: User) -> Any:
    return run("SELECT * FROM products ORDER BY id LIMIT 50")


@router.post("/products", status_code=201, response_model=Product, responses=CLOSED)
def add_product(given: ProductIn, user: Admin) -> Any:
    return one("INSERT INTO products (name, price) VALUES (?, ?) RETURNING *", given.name, given.price)


@router.put("/products/{product_id}", response_model=Product, responses=CLOSED)
def put_product(product_id: int, given: ProductIn, user: Admin) -> Any:
    return found(
        one("UPDATE products SET name = ?, price = ? WHERE id = ? RETURNING *", given.name, given.price, product_id)
    )


@router.delete("/products/{product_id}", status_code=204, responses=CLOSED)
def drop_product(product_id: int, user: Admin) -> None:
    found(one("DELETE FROM products WHERE id = ? RETURNING id", product_id))
