"""Stock levels, receipts, movements and reservations."""

from typing import Any
from uuid import uuid4

from fastapi import APIRouter, Depends, Response

from app import schemas
from app.database import Db, transaction
from app.oauth import Admin, Reader, Writer
from app.problems import ProblemError, conflict, created, declared, missing
from app.routes.catalogue import counted
from app.stock import Order, held, lock, record
from app.transport import json_only

router = APIRouter(tags=["stock"])
MAX_HELD = 500
"""Reservations that one client may hold at the same time."""


@router.get("/stock", operation_id="list_stock", responses=declared(401, 403, 422))
def list_stock(
    _caller: Reader,
    warehouse_id: schemas.IdFilter = None,
    product_id: schemas.IdFilter = None,
    limit: schemas.Limit = 20,
    offset: schemas.Offset = 0,
) -> schemas.StockPage:
    """What is where, ordered by warehouse and product."""
    values = {"warehouse": warehouse_id, "product": product_id, "limit": limit, "offset": offset}
    with transaction() as db:
        total = db.execute(
            "select count(*) as n from stock_levels "
            "where (%(warehouse)s::bigint is null or warehouse_id = %(warehouse)s) "
            "and (%(product)s::bigint is null or product_id = %(product)s)",
            values,
        ).fetchone()
        rows = db.execute(
            "select l.warehouse_id, l.product_id, l.on_hand, greatest(0, l.on_hand - h.quantity)::bigint as available "
            "from stock_levels l cross join lateral ("
            "select coalesce(sum(r.quantity), 0) as quantity from reservations r where r.warehouse_id = l.warehouse_id "
            "and r.product_id = l.product_id and r.status = 'held' and r.expires_at > now()) h "
            "where (%(warehouse)s::bigint is null or l.warehouse_id = %(warehouse)s) "
            "and (%(product)s::bigint is null or l.product_id = %(product)s) "
            "order by l.warehouse_id, l.product_id limit %(limit)s offset %(offset)s",
            values,
        ).fetchall()
    page = {"items": rows, "total": counted(total), "limit": limit, "offset": offset}
    return schemas.StockPage.model_validate(page)


@router.post(
    "/receipts",
    status_code=201,
    operation_id="create_receipt",
    responses=declared(401, 403, 404, 409, 413, 415, 422),
    dependencies=[Depends(json_only)],
)
def create_receipt(body: schemas.ReceiptNew, key: schemas.IdempotencyKey, caller: Admin) -> schemas.Movement:
    """Take goods in. The same key for another request, or more than a warehouse takes, is a 409."""
    with transaction() as db:
        row = record(db, caller.id, key, Order(body.product_id, None, body.warehouse_id, body.quantity))
    return schemas.Movement.model_validate(row)


@router.post(
    "/movements",
    status_code=201,
    operation_id="create_movement",
    responses=declared(401, 403, 404, 409, 413, 415, 422),
    dependencies=[Depends(json_only)],
)
def create_movement(body: schemas.MovementNew, key: schemas.IdempotencyKey, caller: Writer) -> schemas.Movement:
    """Move goods. Too little that is not reserved, or the same key for another request, is a 409."""
    if body.from_warehouse_id == body.to_warehouse_id:
        raise ProblemError(422, "Source and destination are the same.")
    order = Order(body.product_id, body.from_warehouse_id, body.to_warehouse_id, body.quantity)
    with transaction() as db:
        row = record(db, caller.id, key, order)
    return schemas.Movement.model_validate(row)


@router.get("/movements", operation_id="list_movements", responses=declared(401, 403, 422))
def list_movements(
    caller: Reader, product_id: schemas.IdFilter = None, limit: schemas.Limit = 20, offset: schemas.Offset = 0
) -> schemas.MovementPage:
    """The caller's movements, all of them for an admin; ordered by id, the newest first."""
    values = {"client": caller.only, "product": product_id, "limit": limit, "offset": offset}
    with transaction() as db:
        total = db.execute(
            "select count(*) as n from movements where (%(client)s::bigint is null or client_id = %(client)s) "
            "and (%(product)s::bigint is null or product_id = %(product)s)",
            values,
        ).fetchone()
        rows = db.execute(
            "select id, product_id, from_warehouse_id, to_warehouse_id, quantity, created_at from movements "
            "where (%(client)s::bigint is null or client_id = %(client)s) "
            "and (%(product)s::bigint is null or product_id = %(product)s) "
            "order by id desc limit %(limit)s offset %(offset)s",
            values,
        ).fetchall()
    page = {"items": rows, "total": counted(total), "limit": limit, "offset": offset}
    return schemas.MovementPage.model_validate(page)


@router.post(
    "/reservations",
    status_code=201,
    operation_id="create_reservation",
    responses=created(401, 403, 404, 409, 413, 415, 422),
    dependencies=[Depends(json_only)],
)
def create_reservation(body: schemas.ReservationNew, caller: Writer, response: Response) -> schemas.Reservation:
    """Hold stock for some minutes. More than is available, or more than 500 at a time, is a 409."""
    with transaction() as db:
        on_hand = lock(db, [body.warehouse_id], body.product_id).get(body.warehouse_id)
        if on_hand is None:
            raise missing("stock level")
        if on_hand - held(db, body.warehouse_id, body.product_id) < body.quantity:
            raise conflict("There is too little that is not reserved.")
        # One client's requests count their reservations one after another.
        db.execute("select id from clients where id = %s for no key update", (caller.id,))
        own = db.execute(
            "select count(*) as n from reservations where client_id = %s and status = 'held' and expires_at > now()",
            (caller.id,),
        ).fetchone()
        if counted(own) >= MAX_HELD:
            raise conflict("The client holds too many reservations.")
        row = db.execute(
            "insert into reservations (client_id, warehouse_id, product_id, quantity, expires_at) "
            "values (%s, %s, %s, %s, now() + make_interval(mins => %s)) "
            "returning id, warehouse_id, product_id, quantity, status, expires_at, created_at",
            (caller.id, body.warehouse_id, body.product_id, body.quantity, body.minutes),
        ).fetchone()
    made = schemas.Reservation.model_validate(row)
    response.headers["Location"] = f"/reservations/{made.id}"
    return made


@router.get("/reservations", operation_id="list_reservations", responses=declared(401, 403, 422))
def list_reservations(
    caller: Reader, product_id: schemas.IdFilter = None, limit: schemas.Limit = 20, offset: schemas.Offset = 0
) -> schemas.ReservationPage:
    """The caller's reservations, all of them for an admin; ordered by id, the newest first."""
    values = {"client": caller.only, "product": product_id, "limit": limit, "offset": offset}
    with transaction() as db:
        total = db.execute(
            "select count(*) as n from reservations where (%(client)s::bigint is null or client_id = %(client)s) "
            "and (%(product)s::bigint is null or product_id = %(product)s)",
            values,
        ).fetchone()
        rows = db.execute(
            "select id, warehouse_id, product_id, quantity, expires_at, created_at, "
            "case when status = 'held' and expires_at <= now() then 'expired' else status end as status "
            "from reservations where (%(client)s::bigint is null or client_id = %(client)s) "
            "and (%(product)s::bigint is null or product_id = %(product)s) "
            "order by id desc limit %(limit)s offset %(offset)s",
            values,
        ).fetchall()
    page = {"items": rows, "total": counted(total), "limit": limit, "offset": offset}
    return schemas.ReservationPage.model_validate(page)


def _reservation(db: Db, reservation_id: int, only: int | None) -> dict[str, Any]:
    """One reservation that the caller may see."""
    row = db.execute(
        "select id, warehouse_id, product_id, quantity, expires_at, created_at, "
        "case when status = 'held' and expires_at <= clock_timestamp() then 'expired' else status end as status "
        "from reservations where id = %s and (%s::bigint is null or client_id = %s)",
        (reservation_id, only, only),
    ).fetchone()
    if row is None:
        raise missing("reservation")
    return row


@router.get("/reservations/{reservation_id}", operation_id="get_reservation", responses=declared(401, 403, 404, 422))
def get_reservation(reservation_id: schemas.PathId, caller: Reader) -> schemas.Reservation:
    """One of the caller's reservations, any for an admin."""
    with transaction() as db:
        return schemas.Reservation.model_validate(_reservation(db, reservation_id, caller.only))


@router.patch(
    "/reservations/{reservation_id}",
    operation_id="end_reservation",
    responses=declared(401, 403, 404, 409, 413, 415, 422),
    dependencies=[Depends(json_only)],
)
def end_reservation(
    reservation_id: schemas.PathId, body: schemas.ReservationChange, caller: Writer
) -> schemas.Reservation:
    """Release a reservation, or fulfil it: then the stock leaves the warehouse. One that is over is a 409."""
    with transaction() as db:
        seen = _reservation(db, reservation_id, caller.only)
        # The level is locked before the reservation is read again: whoever ends or makes one waits here.
        lock(db, [seen["warehouse_id"]], seen["product_id"])
        if _reservation(db, reservation_id, caller.only)["status"] != schemas.ReservationStatus.HELD:
            raise conflict("The reservation is over.")
        changed = db.execute(
            "update reservations set status = %s where id = %s and status = 'held' "
            "returning id, warehouse_id, product_id, quantity, status, expires_at, created_at",
            (body.status, reservation_id),
        ).fetchone()
        if changed is None:
            raise conflict("The reservation is over.")
        if body.status is schemas.ReservationEnd.FULFILLED:
            order = Order(changed["product_id"], changed["warehouse_id"], None, changed["quantity"])
            record(db, caller.id, uuid4(), order)
    return schemas.Reservation.model_validate(changed)
