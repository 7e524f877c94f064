"""Whether the database answers."""

from sqlalchemy.orm import Session

from app import repository, schemas


def check(session: Session) -> schemas.Health:
    """Ask the database."""
    repository.ping(session)
    return schemas.Health(status="ok")
