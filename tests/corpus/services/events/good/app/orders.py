"""Orders: reserved, paid, checked in; or cancelled, expired, refunded.

Who changes how many tickets are left locks the kind of ticket first and the order then,
so that two changes never wait for each other.
"""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Header, Path, Query, Response, Security
from pydantic import Field
from sqlalchemy import or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.platform.database import Db, Event, Order, Payment, TicketType
from app.platform.fields import Cents, Cursor, CursorText, Id, Input, Limit, Output, from_cursor, to_cursor
from app.platform.problems import Conflict, Missing, raises
from app.platform.tokens import Principal, principal

router = APIRouter(tags=["orders"])
HOLD = timedelta(minutes=15)
Reader = Annotated[Principal, Security(principal, scopes=["orders:read"])]
Buyer = Annotated[Principal, Security(principal, scopes=["orders:write"])]
Doorkeeper = Annotated[Principal, Security(principal, scopes=["checkin:write"])]
OrderId = Annotated[Id, Path()]
Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=8,
        max_length=64,
        pattern=r"^[A-Za-z0-9_-]+$",
        description="Made anew for each payment; sent again with the same key it moves nothing twice.",
    ),
]
LOCATION = {"Location": {"description": "Where it is.", "schema": {"type": "string"}}}


class OrderStatus(StrEnum):
    """Where an order stands."""

    RESERVED = "reserved"
    PAID = "paid"
    CHECKED_IN = "checked_in"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    REFUNDED = "refunded"


class OrderInput(Input):
    """Tickets to reserve."""

    ticket_type_id: Id
    quantity: int = Field(strict=True, ge=1, le=10)


class OrderOut(Output):
    """An order."""

    id: Id
    ticket_type_id: Id
    quantity: int = Field(ge=1, le=10)
    total_cents: Cents
    status: OrderStatus
    reserved_until: datetime
    created_at: datetime


class OrderPage(Output):
    """Some orders."""

    orders: list[OrderOut] = Field(max_length=50)
    next_cursor: CursorText | None


async def _type_locked(db: AsyncSession, ticket_type_id: str) -> TicketType:
    """A kind of ticket, with nobody else changing it."""
    query = select(TicketType).where(TicketType.id == ticket_type_id)
    return (await db.scalars(query.with_for_update().execution_options(populate_existing=True))).one()


async def _order_locked(db: AsyncSession, order_id: str) -> Order:
    query = select(Order).where(Order.id == order_id)
    return (await db.scalars(query.with_for_update().execution_options(populate_existing=True))).one()


async def _bought(db: AsyncSession, me: Principal, order_id: str) -> Order:
    """The caller's order. Raises 404."""
    order = await db.scalar(select(Order).where(Order.id == order_id, Order.buyer_id == me.id))
    if order is None:
        raise Missing("There is no such order")
    return order


async def _at_own_event(db: AsyncSession, me: Principal, order_id: str) -> Order:
    """An order for an event of the caller. Raises 404."""
    order = await db.scalar(
        select(Order)
        .join(TicketType, TicketType.id == Order.ticket_type_id)
        .join(Event, Event.id == TicketType.event_id)
        .where(Order.id == order_id, Event.organiser_id == me.id)
    )
    if order is None:
        raise Missing("There is no such order")
    return order


async def _release_expired(db: AsyncSession, kind: TicketType) -> None:
    """Give back what was reserved and not paid in time; the kind is locked."""
    freed = await db.scalars(
        update(Order)
        .where(Order.ticket_type_id == kind.id, Order.status == "reserved", Order.reserved_until <= datetime.now(UTC))
        .values(status="expired")
        .returning(Order.quantity)
    )
    _give_back(kind, sum(freed))


def _give_back(kind: TicketType, quantity: int) -> None:
    """Free tickets of a locked kind. Raises 409 rather than offer more than the event has."""
    if kind.available + quantity > kind.capacity:
        raise Conflict("The number of tickets left is not right; the organiser must look into it", cause="stock-wrong")
    kind.available += quantity


@router.post(
    "/orders",
    operation_id="reserveTickets",
    status_code=201,
    response_model=OrderOut,
    responses={201: {"headers": LOCATION}, **raises(401, 403, 404, 409, 413, 415, 422)},
)
async def reserve(db: Db, me: Buyer, given: OrderInput, response: Response) -> object:
    """Reserve tickets for a quarter of an hour; 409 where too few are left."""
    found = await db.scalar(
        select(TicketType.id)
        .join(Event, Event.id == TicketType.event_id)
        .where(TicketType.id == given.ticket_type_id, Event.status == "published")
    )
    if found is None:
        raise Missing("There is no such kind of ticket")
    kind = await _type_locked(db, found)
    await _release_expired(db, kind)
    if kind.available < given.quantity:
        raise Conflict("Too few tickets are left", cause="sold-out")
    kind.available -= given.quantity
    order = Order(
        buyer_id=me.id,
        ticket_type_id=kind.id,
        quantity=given.quantity,
        total_cents=kind.price_cents * given.quantity,
        reserved_until=datetime.now(UTC) + HOLD,
    )
    db.add(order)
    await db.flush()
    await db.refresh(order)
    await db.commit()
    response.headers["Location"] = f"/orders/{order.id}"
    return order


@router.get("/orders", operation_id="listOrders", response_model=OrderPage, responses=raises(401, 403, 422))
async def list_orders(
    db: Db,
    me: Reader,
    status: Annotated[OrderStatus | None, Query()] = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> object:
    """List one's own orders, newest first, ordered by id."""
    query = select(Order).where(Order.buyer_id == me.id)
    if status is not None:
        query = query.where(Order.status == status.value)
    if cursor is not None:
        query = query.where(Order.id < from_cursor(cursor, 1)[0])
    rows = list(await db.scalars(query.order_by(Order.id.desc()).limit(limit + 1)))
    following = to_cursor(rows[limit - 1].id) if len(rows) > limit else None
    return {"orders": rows[:limit], "next_cursor": following}


@router.get(
    "/orders/{order_id}", operation_id="getOrder", response_model=OrderOut, responses=raises(401, 403, 404, 422)
)
async def get_order(db: Db, me: Reader, order_id: OrderId) -> object:
    """An order: one's own, or for one's own event."""
    order = await db.scalar(
        select(Order)
        .join(TicketType, TicketType.id == Order.ticket_type_id)
        .join(Event, Event.id == TicketType.event_id)
        .where(Order.id == order_id, or_(Order.buyer_id == me.id, Event.organiser_id == me.id))
    )
    if order is None:
        raise Missing("There is no such order")
    return order


async def _replayed(db: AsyncSession, me: Principal, order: Order, kind: str, key: str) -> bool:
    """Whether this very payment was made with the key before. Raises 409 where another one was."""
    made = await db.scalar(select(Payment).where(Payment.account_id == me.id, Payment.idempotency_key == key))
    if made is not None and (made.order_id != order.id or made.kind != kind):
        raise Conflict("The key belongs to another payment", cause="idempotency-key-reused")
    return made is not None


async def _book(db: AsyncSession, me: Principal, order: Order, kind: str, key: str) -> None:
    """Write the payment down and commit. Raises 409 where the key was used at the same time."""
    amount = order.total_cents
    db.add(Payment(order_id=order.id, account_id=me.id, kind=kind, amount_cents=amount, idempotency_key=key))
    try:
        await db.commit()
    except IntegrityError as error:
        raise Conflict("The key belongs to another payment", cause="idempotency-key-reused") from error


@router.post(
    "/orders/{order_id}/payment",
    operation_id="payOrder",
    response_model=OrderOut,
    responses=raises(401, 403, 404, 409, 413, 415, 422),
)
async def pay(db: Db, me: Buyer, order_id: OrderId, key: Key) -> object:
    """Pay one's own reservation while it holds. Takes no body."""
    order = await _order_locked(db, (await _bought(db, me, order_id)).id)
    if await _replayed(db, me, order, "charge", key):
        return order
    if order.status != OrderStatus.RESERVED or order.reserved_until <= datetime.now(UTC):
        raise Conflict("The order cannot be paid any more", cause="not-payable")
    order.status = OrderStatus.PAID.value
    await _book(db, me, order, "charge", key)
    return order


@router.post(
    "/orders/{order_id}/cancellation",
    operation_id="cancelOrder",
    response_model=OrderOut,
    responses=raises(401, 403, 404, 409, 413, 415, 422),
)
async def cancel(db: Db, me: Buyer, order_id: OrderId) -> object:
    """Give one's own reservation back; what is paid is refunded by the organiser. Takes no body."""
    found = await _bought(db, me, order_id)
    kind = await _type_locked(db, found.ticket_type_id)
    order = await _order_locked(db, found.id)
    if order.status != OrderStatus.RESERVED:
        raise Conflict("Only a reservation can be cancelled", cause="not-reserved")
    order.status = OrderStatus.CANCELLED.value
    _give_back(kind, order.quantity)
    await db.commit()
    return order


@router.post(
    "/orders/{order_id}/check-in",
    operation_id="checkIn",
    response_model=OrderOut,
    responses=raises(401, 403, 404, 409, 413, 415, 422),
)
async def check_in(db: Db, me: Doorkeeper, order_id: OrderId) -> object:
    """Let the holders of a paid order in, once (the event's organiser only). Takes no body."""
    order = await _order_locked(db, (await _at_own_event(db, me, order_id)).id)
    if order.status != OrderStatus.PAID:
        raise Conflict("The order is not paid, or was checked in before", cause="not-paid")
    order.status = OrderStatus.CHECKED_IN.value
    await db.commit()
    return order


@router.post(
    "/orders/{order_id}/refund",
    operation_id="refundOrder",
    response_model=OrderOut,
    responses=raises(401, 403, 404, 409, 413, 415, 422),
)
async def refund(db: Db, me: Doorkeeper, order_id: OrderId, key: Key) -> object:
    """Pay a paid order back, and free its tickets (the event's organiser only). Takes no body."""
    found = await _at_own_event(db, me, order_id)
    kind = await _type_locked(db, found.ticket_type_id)
    order = await _order_locked(db, found.id)
    if await _replayed(db, me, order, "refund", key):
        return order
    if order.status != OrderStatus.PAID:
        raise Conflict("Only a paid order can be refunded", cause="not-paid")
    order.status = OrderStatus.REFUNDED.value
    _give_back(kind, order.quantity)
    await _book(db, me, order, "refund", key)
    return order
