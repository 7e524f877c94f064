"""Whether the service works."""

from fastapi import APIRouter

from app.api.deps import Db
from app.models import Health

router = APIRouter(tags=["health"])


@router.get("/health", operation_id="getHealth", response_model=Health)
async def get_health(db: Db) -> Health:
    """Ask the database."""
    await db.fetchval("SELECT 1")
    return Health(status="ok")
