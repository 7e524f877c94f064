"""Orders and their items."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.models import OrderItemRow, OrderRow


def find(session: Session, order_id: int) -> OrderRow | None:
    """Read an order."""
    return session.get(OrderRow, order_id)


def lock(session: Session, order_id: int) -> OrderRow:
    """Lock and read an order that exists; orders are never deleted."""
    statement = (
        select(OrderRow)
        .where(col(OrderRow.id) == order_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return session.scalars(statement).one()


def find_by_key(session: Session, user_id: int, key: str) -> OrderRow | None:
    """Read the order that a user placed with this key."""
    statement = select(OrderRow).where(
        col(OrderRow.user_id) == user_id,
        col(OrderRow.idempotency_key) == key,
    )
    return session.scalars(statement).one_or_none()


def has_used_coupon(session: Session, user_id: int, coupon_id: int) -> bool:
    """Whether an order of the user that is not cancelled holds the coupon."""
    statement = (
        select(col(OrderRow.id))
        .where(
            col(OrderRow.user_id) == user_id,
            col(OrderRow.coupon_id) == coupon_id,
            col(OrderRow.status) != "cancelled",
        )
        .limit(1)
    )
    return session.scalars(statement).first() is not None


def page(
    session: Session,
    limit: int,
    offset: int,
    *,
    user_id: int | None = None,
    status: str | None = None,
) -> Sequence[OrderRow]:
    """Read a page of orders, by descending id."""
    statement = select(OrderRow)
    if user_id is not None:
        statement = statement.where(col(OrderRow.user_id) == user_id)
    if status is not None:
        statement = statement.where(col(OrderRow.status) == status)
    statement = statement.order_by(col(OrderRow.id).desc())
    return session.scalars(statement.limit(limit).offset(offset)).all()


def items(session: Session, order_ids: Sequence[int]) -> Sequence[OrderItemRow]:
    """Read the items of orders with one statement, by ascending product id."""
    statement = (
        select(OrderItemRow)
        .where(col(OrderItemRow.order_id).in_(order_ids))
        .order_by(col(OrderItemRow.order_id), col(OrderItemRow.product_id))
    )
    return session.scalars(statement).all()
