"""Whether the service can work."""

from sqlalchemy.exc import SQLAlchemyError

from app.database import Database
from app.errors import UnavailableError


async def check(database: Database) -> None:
    """Refuse when the database does not answer in time."""
    try:
        await database.ping()
    except (SQLAlchemyError, OSError, TimeoutError) as error:
        raise UnavailableError from error
