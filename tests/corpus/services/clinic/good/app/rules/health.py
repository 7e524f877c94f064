"""Whether the database answers."""

from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import col, select

from app.data.database import read
from app.data.queries import first
from app.data.tables import UserRow
from app.errors import UnavailableError


def check() -> None:
    """Ask the database."""
    try:
        with read() as session:
            first(session, select(col(UserRow.id)))
    except SQLAlchemyError:
        raise UnavailableError from None
