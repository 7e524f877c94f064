"""Health."""

from fastapi import APIRouter

from app.auth import Db
from app.problems import problems
from app.schemas import Health
from app.services import health

router = APIRouter(tags=["health"])


@router.get(
    "/health", operation_id="getHealth", summary="Health", responses=problems(503)
)
async def get_health(database: Db) -> Health:
    """Ask the database and say whether the service can work."""
    await health.check(database)
    return Health(status="ok")
