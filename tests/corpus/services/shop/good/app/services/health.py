"""State of the service."""

from sqlalchemy import literal, select
from sqlalchemy.exc import SQLAlchemyError

from app.database import transaction
from app.errors import UnavailableError


def check() -> None:
    """Ask the database."""
    try:
        with transaction() as session:
            session.execute(select(literal(1)))
    except SQLAlchemyError as error:
        raise UnavailableError("The database is away.") from error
