"""Payments."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.models import PaymentRow


def find(session: Session, payment_id: int) -> PaymentRow | None:
    """Read a payment."""
    return session.get(PaymentRow, payment_id)


def lock(session: Session, payment_id: int) -> PaymentRow:
    """Lock and read a payment that exists; payments are never deleted."""
    statement = (
        select(PaymentRow)
        .where(col(PaymentRow.id) == payment_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return session.scalars(statement).one()


def lock_open(session: Session, order_id: int) -> PaymentRow | None:
    """Lock and read the pending or succeeded payment of an order."""
    statement = (
        select(PaymentRow)
        .where(
            col(PaymentRow.order_id) == order_id,
            col(PaymentRow.status).in_(["pending", "succeeded"]),
        )
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return session.scalars(statement).one_or_none()


def find_by_key(session: Session, order_id: int, key: str) -> PaymentRow | None:
    """Read the payment that was opened for an order with this key."""
    statement = select(PaymentRow).where(
        col(PaymentRow.order_id) == order_id,
        col(PaymentRow.idempotency_key) == key,
    )
    return session.scalars(statement).one_or_none()


def page(
    session: Session,
    limit: int,
    offset: int,
    *,
    order_id: int | None = None,
    status: str | None = None,
) -> Sequence[PaymentRow]:
    """Read a page of payments, by descending id."""
    statement = select(PaymentRow)
    if order_id is not None:
        statement = statement.where(col(PaymentRow.order_id) == order_id)
    if status is not None:
        statement = statement.where(col(PaymentRow.status) == status)
    statement = statement.order_by(col(PaymentRow.id).desc())
    return session.scalars(statement.limit(limit).offset(offset)).all()
