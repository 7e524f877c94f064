"""Accounts."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from app.models import UserRow


def find(session: Session, user_id: int) -> UserRow | None:
    """Read a user."""
    return session.get(UserRow, user_id)


def find_by_email(session: Session, email: str) -> UserRow | None:
    """Read the user with this e-mail, whatever its case."""
    statement = select(UserRow).where(
        func.lower(col(UserRow.email)) == func.lower(email)
    )
    return session.scalars(statement).one_or_none()


def lock(session: Session, user_id: int) -> None:
    """Serialize the cart changes and checkouts of a user."""
    statement = select(UserRow).where(col(UserRow.id) == user_id)
    session.scalars(statement.with_for_update(key_share=True)).one()


def add(session: Session, email: str, password_hash: str) -> UserRow:
    """Create a customer."""
    row = UserRow(email=email, password_hash=password_hash, role="customer")
    session.add(row)
    session.flush()
    return row


def page(session: Session, limit: int, offset: int) -> Sequence[UserRow]:
    """Read a page, by ascending id."""
    statement = select(UserRow).order_by(col(UserRow.id)).limit(limit).offset(offset)
    return session.scalars(statement).all()
