"""Stock movements."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.models import StockMovementRow


def find_by_key(session: Session, user_id: int, key: str) -> StockMovementRow | None:
    """Read the movement that an administrator booked with this key."""
    statement = select(StockMovementRow).where(
        col(StockMovementRow.user_id) == user_id,
        col(StockMovementRow.idempotency_key) == key,
    )
    return session.scalars(statement).one_or_none()


def page(
    session: Session, product_id: int, limit: int, offset: int
) -> Sequence[StockMovementRow]:
    """Read a page of a product's movements, by descending id."""
    statement = (
        select(StockMovementRow)
        .where(col(StockMovementRow.product_id) == product_id)
        .order_by(col(StockMovementRow.id).desc())
        .limit(limit)
        .offset(offset)
    )
    return session.scalars(statement).all()
