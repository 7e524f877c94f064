"""The health route."""

import logging

from fastapi import APIRouter
from sqlalchemy.exc import SQLAlchemyError

from app import schemas
from app.database import transaction
from app.errors import UnavailableError
from app.services import health as service
from app.web import problems

router = APIRouter(tags=["health"])
logger = logging.getLogger("bank")


@router.get(
    "/health",
    operation_id="getHealth",
    summary="Health of the service",
    response_description="The service and its database work.",
    responses=problems(503),
)
def get_health() -> schemas.Health:
    """Ask the database and answer 200 when it responds."""
    try:
        with transaction() as session:
            return service.check(session)
    except SQLAlchemyError as error:
        fields = {"kind": type(error).__name__}
        logger.warning("database away", extra={"fields": fields})
        msg = "The database does not answer."
        raise UnavailableError(msg) from error
