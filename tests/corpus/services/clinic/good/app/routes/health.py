"""Health."""

from fastapi import APIRouter

from app.routes.common import problems
from app.rules import health as rules
from app.schemas import Health

router = APIRouter(tags=["Health"], redirect_slashes=False)


@router.get(
    "/health",
    operation_id="getHealth",
    summary="Health",
    description="Asks the database and says whether it answers.",
    response_description="The service and its database answer.",
    responses=problems(503),
)
def get_health() -> Health:
    """Ask the database."""
    rules.check()
    return Health(status="ok")
