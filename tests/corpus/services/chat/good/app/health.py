"""Whether the service works."""

from fastapi import APIRouter
from sqlalchemy import select

from app import schemas
from app.faults import faults
from app.store import reading

router = APIRouter(tags=["service"])


@router.get("/health", operation_id="health", responses=faults())
async def health() -> schemas.Envelope[schemas.Health]:
    """Whether the service and its database answer."""
    async with reading() as db:
        await db.execute(select(1))
    return schemas.wrap(schemas.Health(status="up"))
