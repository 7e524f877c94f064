"""Orders. Rows are locked in one order: the customer, the order, then the products by id."""

from fastapi import APIRouter, Depends, Response

from app import schemas
from app.database import Db, Row, many, one, transaction
from app.problems import conflict, created, declared, missing
from app.routes.catalogue import counted
from app.security import Anybody, Caller, Staff
from app.transport import json_only

router = APIRouter(tags=["orders"])
COLUMNS = "id, customer_id, status, total_cents, created_at"


def _items(db: Db, order_id: int) -> list[Row]:
    return many(
        db,
        "SELECT product_id, quantity, price_cents FROM order_items WHERE order_id = %s ORDER BY product_id",
        order_id,
    )


def _whole(db: Db, row: Row) -> schemas.Order:
    return schemas.Order.model_validate({**row, "items": _items(db, row["id"])})


@router.post(
    "/orders",
    status_code=201,
    operation_id="create_order",
    responses=created(401, 404, 409, 413, 415, 422),
    dependencies=[Depends(json_only)],
)
def create_order(
    body: schemas.OrderNew, key: schemas.IdempotencyKey, caller: Anybody, response: Response
) -> schemas.Order:
    """Buy. Too little stock or balance, or the same key for another order, is a 409."""
    wanted = {each.product_id: each.quantity for each in body.items}
    with transaction() as db:
        # One customer's orders wait for each other here.
        customer = one(db, "SELECT balance_cents FROM customers WHERE id = %s FOR UPDATE", caller.id)
        known = one(
            db,
            f"SELECT {COLUMNS} FROM orders WHERE customer_id = %s AND idempotency_key = %s",
            caller.id,
            str(key),
        )
        if known is not None:
            made = _whole(db, known)
            if {each.product_id: each.quantity for each in made.items} != wanted:
                raise conflict("The key was used for another order.")
        else:
            made = _placed(db, caller, str(key), wanted, int(customer["balance_cents"]) if customer else 0)
    response.headers["Location"] = f"/orders/{made.id}"
    return made


def _placed(db: Db, caller: Caller, key: str, wanted: dict[int, int], balance: int) -> schemas.Order:
    """Take stock and money, and write the order."""
    marks = ", ".join(["%s"] * len(wanted))
    products = many(
        db,
        f"SELECT id, price_cents, stock FROM products WHERE id IN ({marks}) AND is_listed ORDER BY id FOR UPDATE",
        *sorted(wanted),
    )
    if len(products) < len(wanted):
        raise missing("product")
    if any(each["stock"] < wanted[each["id"]] for each in products):
        raise conflict("There is too little in stock.")
    total = sum(each["price_cents"] * wanted[each["id"]] for each in products)
    if total > balance:
        raise conflict("The balance is too small.")
    db.execute(
        "INSERT INTO orders (customer_id, idempotency_key, total_cents) VALUES (%s, %s, %s)", (caller.id, key, total)
    )
    order_id = db.lastrowid
    db.executemany(
        "INSERT INTO order_items (order_id, product_id, quantity, price_cents) VALUES (%s, %s, %s, %s)",
        [(order_id, each["id"], wanted[each["id"]], each["price_cents"]) for each in products],
    )
    db.executemany(
        "UPDATE products SET stock = stock - %s WHERE id = %s", [(wanted[each["id"]], each["id"]) for each in products]
    )
    db.execute("UPDATE customers SET balance_cents = balance_cents - %s WHERE id = %s", (total, caller.id))
    row = one(db, f"SELECT {COLUMNS} FROM orders WHERE id = %s", order_id)
    return _whole(db, row or {})


@router.get("/orders", operation_id="list_orders", responses=declared(401, 422))
def list_orders(
    caller: Anybody, status: schemas.StatusFilter = None, limit: schemas.Limit = 20, offset: schemas.Offset = 0
) -> schemas.OrderPage:
    """The caller's orders, all of them for staff; the newest first."""
    where = "WHERE (%s IS NULL OR customer_id = %s) AND (%s IS NULL OR status = %s)"
    values = (caller.only, caller.only, status, status)
    with transaction() as db:
        total = one(db, f"SELECT count(*) AS n FROM orders {where}", *values)
        rows = many(
            db, f"SELECT {COLUMNS} FROM orders {where} ORDER BY id DESC LIMIT %s OFFSET %s", *values, limit, offset
        )
    page = {"items": rows, "total": counted(total), "limit": limit, "offset": offset}
    return schemas.OrderPage.model_validate(page)


def _seen(db: Db, order_id: int, caller: Caller) -> Row:
    return _theirs(one(db, f"SELECT {COLUMNS} FROM orders WHERE id = %s", order_id), caller)


def _locked(db: Db, order_id: int, caller: Caller) -> Row:
    return _theirs(one(db, f"SELECT {COLUMNS} FROM orders WHERE id = %s FOR UPDATE", order_id), caller)


def _theirs(row: Row | None, caller: Caller) -> Row:
    if row is None or caller.only not in (None, row["customer_id"]):
        raise missing("order")
    return row


@router.get("/orders/{order_id}", operation_id="get_order", responses=declared(401, 404, 422))
def get_order(order_id: schemas.PathId, caller: Anybody) -> schemas.Order:
    """An order of the caller's, any for staff."""
    with transaction() as db:
        return _whole(db, _seen(db, order_id, caller))


@router.post("/orders/{order_id}/cancel", operation_id="cancel_order", responses=declared(401, 404, 409, 422))
def cancel_order(order_id: schemas.PathId, caller: Anybody) -> schemas.Order:
    """Take an order back that is not shipped: the money and the pieces return."""
    with transaction() as db:
        owner = _seen(db, order_id, caller)["customer_id"]
        one(db, "SELECT id FROM customers WHERE id = %s FOR UPDATE", owner)
        order = _locked(db, order_id, caller)
        if order["status"] != "placed":
            raise conflict("The order is not waiting any more.")
        db.execute("UPDATE orders SET status = 'cancelled' WHERE id = %s", (order_id,))
        db.executemany(
            "UPDATE products SET stock = stock + %s WHERE id = %s",
            [(each["quantity"], each["product_id"]) for each in _items(db, order_id)],
        )
        db.execute(
            "UPDATE customers SET balance_cents = balance_cents + %s WHERE id = %s", (order["total_cents"], owner)
        )
        return _whole(db, {**order, "status": "cancelled"})


@router.post("/orders/{order_id}/ship", operation_id="ship_order", responses=declared(401, 403, 404, 409, 422))
def ship_order(order_id: schemas.PathId, caller: Staff) -> schemas.Order:
    """Send an order off that waits."""
    with transaction() as db:
        order = _locked(db, order_id, caller)
        if order["status"] != "placed":
            raise conflict("The order is not waiting any more.")
        db.execute("UPDATE orders SET status = 'shipped' WHERE id = %s", (order_id,))
        return _whole(db, {**order, "status": "shipped"})
