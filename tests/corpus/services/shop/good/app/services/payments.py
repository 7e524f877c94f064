"""Payments and what they do to orders."""

from sqlalchemy.orm import Session

from app.database import transaction
from app.errors import ConflictError, NotFoundError
from app.models import OrderRow, PaymentRow
from app.repositories import orders, payments
from app.schemas import Payment, PaymentCreate, PaymentPage
from app.security import Caller
from app.services.orders import NO_ORDER, find_visible
from app.services.rights import require_admin
from app.services.stock import return_goods

REFUNDABLE = {"paid", "shipped", "delivered"}


def list_of_order(
    caller: Caller, order_id: int, limit: int, offset: int
) -> PaymentPage:
    """List the payments of an order."""
    with transaction() as session:
        find_visible(session, caller, order_id)
        rows = payments.page(session, limit, offset, order_id=order_id)
        items = [Payment.model_validate(row) for row in rows]
    return PaymentPage(items=items, limit=limit, offset=offset)


def list_all(
    caller: Caller, status: str | None, limit: int, offset: int
) -> PaymentPage:
    """List the payments of all orders."""
    require_admin(caller)
    with transaction() as session:
        rows = payments.page(session, limit, offset, status=status)
        items = [Payment.model_validate(row) for row in rows]
    return PaymentPage(items=items, limit=limit, offset=offset)


def create_payment(
    caller: Caller, order_id: int, key: str, body: PaymentCreate
) -> Payment:
    """Open a payment of the whole total, once per key."""
    with transaction() as session:
        found = orders.find(session, order_id)
        if found is None or found.user_id != caller.id:
            raise NotFoundError(NO_ORDER)
        order = orders.lock(session, order_id)
        earlier = payments.find_by_key(session, order_id, key)
        if earlier is not None:
            if earlier.method != body.method:
                raise ConflictError("The key was used for another request.")
            return Payment.model_validate(earlier)
        if order.status != "pending":
            raise ConflictError("The order is not pending.")
        if payments.lock_open(session, order_id) is not None:
            raise ConflictError("The order has an open payment.")
        row = PaymentRow(
            order_id=order_id,
            idempotency_key=key,
            method=body.method,
            status="pending",
            amount_cents=order.total_cents,
        )
        session.add(row)
        session.flush()
        return Payment.model_validate(row)


def confirm_payment(caller: Caller, payment_id: int) -> Payment:
    """Mark a pending payment as succeeded and its order as paid."""
    with transaction() as session:
        order, payment = _lock(session, caller, payment_id)
        if payment.status != "pending" or order.status != "pending":
            raise ConflictError("The payment is not pending.")
        payment.status = "succeeded"
        order.status = "paid"
        session.flush()
        return Payment.model_validate(payment)


def fail_payment(caller: Caller, payment_id: int) -> Payment:
    """Mark a pending payment as failed."""
    with transaction() as session:
        _, payment = _lock(session, caller, payment_id)
        if payment.status != "pending":
            raise ConflictError("The payment is not pending.")
        payment.status = "failed"
        session.flush()
        return Payment.model_validate(payment)


def refund_payment(caller: Caller, payment_id: int) -> Payment:
    """Mark a succeeded payment and its order as refunded."""
    with transaction() as session:
        order, payment = _lock(session, caller, payment_id)
        if payment.status != "succeeded" or order.status not in REFUNDABLE:
            raise ConflictError("The payment has not succeeded.")
        if order.status == "paid":
            return_goods(session, caller.id, order.id)
        payment.status = "refunded"
        order.status = "refunded"
        session.flush()
        return Payment.model_validate(payment)


def _lock(
    session: Session, caller: Caller, payment_id: int
) -> tuple[OrderRow, PaymentRow]:
    found = payments.find(session, payment_id)
    if found is None:
        raise NotFoundError("There is no such payment.")
    owner = orders.find(session, found.order_id)
    if not caller.is_admin and (owner is None or owner.user_id != caller.id):
        raise NotFoundError("There is no such payment.")
    require_admin(caller)
    order = orders.lock(session, found.order_id)
    return order, payments.lock(session, payment_id)
