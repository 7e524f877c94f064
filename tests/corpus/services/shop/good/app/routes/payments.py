"""Payments of orders and their handling in the back office."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.routes.common import (
    BEARER,
    AuthenticatedRoute,
    CurrentCaller,
    IdempotencyKey,
    Limit,
    Offset,
    OrderId,
    PaymentId,
    refusals,
)
from app.schemas import Payment, PaymentCreate, PaymentPage, PaymentStatus
from app.services import payments

router = APIRouter(
    tags=["Payments"], route_class=AuthenticatedRoute, dependencies=[BEARER]
)

StatusFilter = Annotated[
    PaymentStatus | None, Query(description="Only payments in this state.")
]


@router.get(
    "/orders/{orderId}/payments",
    operation_id="listOrderPayments",
    responses=refusals(401, 404, 422),
)
def list_order_payments(
    order_id: OrderId, caller: CurrentCaller, limit: Limit = 20, offset: Offset = 0
) -> PaymentPage:
    """List the payments of an order, by descending id."""
    return payments.list_of_order(caller, order_id, limit, offset)


@router.post(
    "/orders/{orderId}/payments",
    operation_id="createPayment",
    status_code=201,
    responses=refusals(401, 404, 409, 422),
)
def create_payment(
    order_id: OrderId, key: IdempotencyKey, body: PaymentCreate, caller: CurrentCaller
) -> Payment:
    """Open a payment of the whole total of the caller's own order, once per key."""
    return payments.create_payment(caller, order_id, key, body)


@router.get(
    "/admin/payments",
    operation_id="adminListPayments",
    responses=refusals(401, 403, 422),
)
def admin_list_payments(
    caller: CurrentCaller,
    status: StatusFilter = None,
    limit: Limit = 20,
    offset: Offset = 0,
) -> PaymentPage:
    """List payments of all orders, by descending id. Administrators only."""
    return payments.list_all(caller, status, limit, offset)


@router.post(
    "/admin/payments/{paymentId}/confirm",
    operation_id="adminConfirmPayment",
    responses=refusals(401, 403, 404, 409, 422),
)
def admin_confirm_payment(payment_id: PaymentId, caller: CurrentCaller) -> Payment:
    """Mark a pending payment as succeeded, its order as paid. Administrators only."""
    return payments.confirm_payment(caller, payment_id)


@router.post(
    "/admin/payments/{paymentId}/fail",
    operation_id="adminFailPayment",
    responses=refusals(401, 403, 404, 409, 422),
)
def admin_fail_payment(payment_id: PaymentId, caller: CurrentCaller) -> Payment:
    """Mark a pending payment as failed. Administrators only."""
    return payments.fail_payment(caller, payment_id)


@router.post(
    "/admin/payments/{paymentId}/refund",
    operation_id="adminRefundPayment",
    responses=refusals(401, 403, 404, 409, 422),
)
def admin_refund_payment(payment_id: PaymentId, caller: CurrentCaller) -> Payment:
    """Mark a succeeded payment and its order as refunded. Administrators only."""
    return payments.refund_payment(caller, payment_id)
