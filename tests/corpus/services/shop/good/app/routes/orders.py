"""The caller's orders and their handling in the back office."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.routes.common import (
    BEARER,
    AuthenticatedRoute,
    CurrentCaller,
    IdempotencyKey,
    Limit,
    Offset,
    OrderId,
    created_at_location,
    refusals,
)
from app.schemas import Order, OrderCreate, OrderPage, OrderStatus
from app.services import orders

router = APIRouter(
    tags=["Orders"], route_class=AuthenticatedRoute, dependencies=[BEARER]
)

StatusFilter = Annotated[
    OrderStatus | None, Query(description="Only orders in this state.")
]


@router.get("/orders", operation_id="listOrders", responses=refusals(401, 422))
def list_orders(
    caller: CurrentCaller, limit: Limit = 20, offset: Offset = 0
) -> OrderPage:
    """List the caller's own orders, by descending id."""
    return orders.list_own(caller, limit, offset)


@router.post(
    "/orders",
    operation_id="createOrder",
    status_code=201,
    responses=created_at_location(401, 409, 422),
)
def create_order(
    key: IdempotencyKey, body: OrderCreate, caller: CurrentCaller, response: Response
) -> Order:
    """Turn the caller's cart into a pending order, once per key."""
    order = orders.create_order(caller, key, body)
    response.headers["Location"] = f"/orders/{order.id}"
    return order


@router.get(
    "/orders/{orderId}", operation_id="getOrder", responses=refusals(401, 404, 422)
)
def get_order(order_id: OrderId, caller: CurrentCaller) -> Order:
    """Return the caller's own order, or any order for an administrator."""
    return orders.get_order(caller, order_id)


@router.post(
    "/orders/{orderId}/cancel",
    operation_id="cancelOrder",
    responses=refusals(401, 404, 409, 422),
)
def cancel_order(order_id: OrderId, caller: CurrentCaller) -> Order:
    """Cancel a pending order; goods and coupon are given back."""
    return orders.cancel_order(caller, order_id)


@router.get(
    "/admin/orders",
    operation_id="adminListOrders",
    responses=refusals(401, 403, 422),
)
def admin_list_orders(
    caller: CurrentCaller,
    status: StatusFilter = None,
    limit: Limit = 20,
    offset: Offset = 0,
) -> OrderPage:
    """List orders of all users, by descending id. Administrators only."""
    return orders.list_all(caller, status, limit, offset)


@router.post(
    "/admin/orders/{orderId}/ship",
    operation_id="adminShipOrder",
    responses=refusals(401, 403, 404, 409, 422),
)
def admin_ship_order(order_id: OrderId, caller: CurrentCaller) -> Order:
    """Mark a paid order as shipped. Administrators only."""
    return orders.ship_order(caller, order_id)


@router.post(
    "/admin/orders/{orderId}/deliver",
    operation_id="adminDeliverOrder",
    responses=refusals(401, 403, 404, 409, 422),
)
def admin_deliver_order(order_id: OrderId, caller: CurrentCaller) -> Order:
    """Mark a shipped order as delivered. Administrators only."""
    return orders.deliver_order(caller, order_id)
