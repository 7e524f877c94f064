"""Categories and products."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.models import CategoryRow, ProductRow


def find_category(session: Session, category_id: int) -> CategoryRow | None:
    """Read a category."""
    return session.get(CategoryRow, category_id)


def lock_category(session: Session, category_id: int) -> CategoryRow | None:
    """Lock and read a category."""
    statement = (
        select(CategoryRow)
        .where(col(CategoryRow.id) == category_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return session.scalars(statement).one_or_none()


def category_page(session: Session, limit: int, offset: int) -> Sequence[CategoryRow]:
    """Read a page of categories, by ascending id."""
    statement = select(CategoryRow).order_by(col(CategoryRow.id))
    return session.scalars(statement.limit(limit).offset(offset)).all()


def find_product(session: Session, product_id: int) -> ProductRow | None:
    """Read a product, active or not."""
    return session.get(ProductRow, product_id)


def find_active_product(session: Session, product_id: int) -> ProductRow | None:
    """Read a product unless it is inactive."""
    product = session.get(ProductRow, product_id)
    return product if product is not None and product.is_active else None


def lock_products(
    session: Session, product_ids: Sequence[int]
) -> dict[int, ProductRow]:
    """Lock and read products, by ascending id."""
    statement = (
        select(ProductRow)
        .where(col(ProductRow.id).in_(product_ids))
        .order_by(col(ProductRow.id))
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return {row.id: row for row in session.scalars(statement).all()}


def product_page(
    session: Session,
    limit: int,
    offset: int,
    *,
    active_only: bool,
    category_id: int | None = None,
) -> Sequence[ProductRow]:
    """Read a page of products, by ascending id."""
    statement = select(ProductRow)
    if active_only:
        statement = statement.where(col(ProductRow.is_active).is_(True))
    if category_id is not None:
        statement = statement.where(col(ProductRow.category_id) == category_id)
    statement = statement.order_by(col(ProductRow.id)).limit(limit).offset(offset)
    return session.scalars(statement).all()
