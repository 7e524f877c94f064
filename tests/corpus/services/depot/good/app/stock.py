"""How stock changes. Whoever changes a level locks its row first, in the order of warehouses."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.database import Db
from app.problems import conflict, missing


@dataclass(frozen=True)
class Order:
    """A movement that is wanted: without a source a receipt, without a destination an issue."""

    product_id: int
    source: int | None
    destination: int | None
    quantity: int


def lock(db: Db, warehouse_ids: list[int], product_id: int) -> dict[int, int]:
    """Lock the levels of a product until the transaction ends; what is on hand by warehouse."""
    rows = db.execute(
        "select warehouse_id, on_hand from stock_levels where warehouse_id = any(%s) and product_id = %s "
        "order by warehouse_id for update",
        (warehouse_ids, product_id),
    ).fetchall()
    return {row["warehouse_id"]: row["on_hand"] for row in rows}


def held(db: Db, warehouse_id: int, product_id: int) -> int:
    """What reservations hold. True for as long as the level is locked."""
    row = db.execute(
        "select coalesce(sum(quantity), 0)::bigint as quantity from reservations "
        "where warehouse_id = %s and product_id = %s and status = 'held' and expires_at > clock_timestamp()",
        (warehouse_id, product_id),
    ).fetchone()
    return int(row["quantity"]) if row else 0


def record(db: Db, client_id: int, key: UUID, order: Order) -> dict[str, Any]:
    """Carry a movement out once for each key of a client; the same order again gets the same answer."""
    ends = sorted(end for end in (order.source, order.destination) if end is not None)
    _open_levels(db, order, ends)
    on_hand = lock(db, ends, order.product_id)
    made = db.execute(
        "insert into movements (client_id, product_id, from_warehouse_id, to_warehouse_id, quantity, idempotency_key) "
        "values (%s, %s, %s, %s, %s, %s) on conflict (client_id, idempotency_key) do nothing "
        "returning id, product_id, from_warehouse_id, to_warehouse_id, quantity, created_at",
        (client_id, order.product_id, order.source, order.destination, order.quantity, key),
    ).fetchone()
    if made is None:
        return _earlier(db, client_id, key, order)
    if order.source is not None:
        available = on_hand[order.source] - held(db, order.source, order.product_id)
        if available < order.quantity:
            raise conflict("The source has too little that is not reserved.")
    db.execute(
        "update stock_levels set on_hand = on_hand + case when warehouse_id = %s then -%s else %s end "
        "where warehouse_id = any(%s) and product_id = %s",
        (order.source, order.quantity, order.quantity, ends, order.product_id),
    )
    return made


def _open_levels(db: Db, order: Order, ends: list[int]) -> None:
    """See that product and warehouses exist, and that each end has a level."""
    if db.execute("select id from products where id = %s", (order.product_id,)).fetchone() is None:
        raise missing("product")
    found = db.execute("select id from warehouses where id = any(%s)", (ends,)).fetchall()
    if len(found) != len(ends):
        raise missing("warehouse")
    db.execute(
        "insert into stock_levels (warehouse_id, product_id) select unnest(%s::bigint[]), %s "
        "order by 1 on conflict (warehouse_id, product_id) do nothing",
        (ends, order.product_id),
    )


def _earlier(db: Db, client_id: int, key: UUID, order: Order) -> dict[str, Any]:
    """The movement that was made with the key before."""
    row = db.execute(
        "select id, product_id, from_warehouse_id, to_warehouse_id, quantity, created_at from movements "
        "where client_id = %s and idempotency_key = %s",
        (client_id, key),
    ).fetchone()
    given = (order.product_id, order.source, order.destination, order.quantity)
    if row is None or given != tuple(
        row[name] for name in ("product_id", "from_warehouse_id", "to_warehouse_id", "quantity")
    ):
        raise conflict("The idempotency key was used for another request.")
    return row
