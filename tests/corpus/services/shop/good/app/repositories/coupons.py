"""Coupons."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.models import CouponRow


def current_time(session: Session) -> datetime:
    """Tell the database's time."""
    return session.scalars(select(func.now())).one()


def find(session: Session, coupon_id: int) -> CouponRow | None:
    """Read a coupon."""
    return session.get(CouponRow, coupon_id)


def lock(session: Session, coupon_id: int) -> CouponRow:
    """Lock and read a coupon that exists; coupons are never deleted."""
    statement = (
        select(CouponRow)
        .where(col(CouponRow.id) == coupon_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return session.scalars(statement).one()


def lock_by_code(session: Session, code: str) -> CouponRow | None:
    """Lock and read the coupon with this code."""
    statement = (
        select(CouponRow)
        .where(col(CouponRow.code) == code)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return session.scalars(statement).one_or_none()


def codes(session: Session, coupon_ids: Sequence[int]) -> dict[int, str]:
    """Read the codes of coupons with one statement."""
    statement = select(CouponRow).where(col(CouponRow.id).in_(coupon_ids))
    return {row.id: row.code for row in session.scalars(statement).all()}


def page(session: Session, limit: int, offset: int) -> Sequence[CouponRow]:
    """Read a page, by ascending id."""
    statement = select(CouponRow).order_by(col(CouponRow.id))
    return session.scalars(statement.limit(limit).offset(offset)).all()
