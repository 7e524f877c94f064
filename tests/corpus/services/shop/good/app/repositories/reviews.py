"""Reviews."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.models import ReviewRow


def find(session: Session, review_id: int) -> ReviewRow | None:
    """Read a review."""
    return session.get(ReviewRow, review_id)


def lock(session: Session, review_id: int) -> ReviewRow | None:
    """Lock and read a review."""
    statement = (
        select(ReviewRow)
        .where(col(ReviewRow.id) == review_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return session.scalars(statement).one_or_none()


def page(
    session: Session, product_id: int, limit: int, offset: int
) -> Sequence[ReviewRow]:
    """Read a page of a product's reviews, by descending id."""
    statement = (
        select(ReviewRow)
        .where(col(ReviewRow.product_id) == product_id)
        .order_by(col(ReviewRow.id).desc())
        .limit(limit)
        .offset(offset)
    )
    return session.scalars(statement).all()
