"""Queries about users."""

from sqlmodel import Session, select

from app.data.tables import UserRow


def exists(session: Session, user_id: int) -> bool:
    """Tell whether there is such a user."""
    statement = select(UserRow.id).where(UserRow.id == user_id)
    return session.exec(statement).first() is not None


def display_name(session: Session, user_id: int) -> str:
    """Give the name of a user that exists."""
    return session.exec(
        select(UserRow.display_name).where(UserRow.id == user_id)
    ).one()
