"""State of the service."""

from fastapi import APIRouter

from app.routes.common import refusals
from app.schemas import Health
from app.services import health

router = APIRouter(tags=["Health"])


@router.get("/health", operation_id="getHealth", responses=refusals(503))
def get_health() -> Health:
    """Ask the database and answer whether the service can work."""
    health.check()
    return Health(status="ok")
