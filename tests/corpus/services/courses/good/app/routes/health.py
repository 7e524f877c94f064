"""The health route."""

from fastapi import APIRouter
from sqlalchemy.exc import SQLAlchemyError

from app.data import database
from app.refusals import UnavailableError
from app.routes.common import refusals
from app.schemas import Health

router = APIRouter(tags=["health"])


@router.get(
    "/health",
    operation_id="getHealth",
    summary="Health of the service",
    responses=refusals(503),
)
def get_health() -> Health:
    """Ask the database and tell whether the service works."""
    try:
        database.ping()
    except SQLAlchemyError as error:
        raise UnavailableError from error
    return Health(status="ok")
