"""Carts."""

from collections.abc import Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.models import CartItemRow, ProductRow


def find(session: Session, user_id: int, product_id: int) -> CartItemRow | None:
    """Read one item."""
    return session.get(CartItemRow, (user_id, product_id))


def contents(session: Session, user_id: int) -> list[tuple[CartItemRow, ProductRow]]:
    """Read a cart with its products, by ascending product id."""
    statement = (
        select(CartItemRow, ProductRow)
        .join(ProductRow, col(ProductRow.id) == col(CartItemRow.product_id))
        .where(col(CartItemRow.user_id) == user_id)
        .order_by(col(CartItemRow.product_id))
    )
    return [(row[0], row[1]) for row in session.execute(statement).all()]


def count_others(session: Session, user_id: int, product_id: int) -> int:
    """Count the items of a cart other than this product."""
    statement = (
        select(func.count())
        .select_from(CartItemRow)
        .where(
            col(CartItemRow.user_id) == user_id,
            col(CartItemRow.product_id) != product_id,
        )
    )
    return session.scalars(statement).one()


def lock_items(session: Session, user_id: int) -> Sequence[CartItemRow]:
    """Lock and read a cart, by ascending product id."""
    statement = (
        select(CartItemRow)
        .where(col(CartItemRow.user_id) == user_id)
        .order_by(col(CartItemRow.product_id))
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return session.scalars(statement).all()


def clear(session: Session, user_id: int) -> None:
    """Empty a cart."""
    session.execute(delete(CartItemRow).where(col(CartItemRow.user_id) == user_id))
