from collections.abc import Iterator, Sequence
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Path, Query
from sqlalchemy.orm import Session

from app.errors import not_found
from app.models import Base, Vehicle
from app.security import SessionsDep

MAX_ID = 2**53 - 1


def read_session(sessions: SessionsDep) -> Iterator[Session]:
    with sessions.read() as db:
        yield db


def write_session(sessions: SessionsDep) -> Iterator[Session]:
    with sessions.write() as db, db.begin():
        yield db


# scope="function": the transaction is over before the response goes out.
ReadSession = Annotated[Session, Depends(read_session, scope="function")]
WriteSession = Annotated[Session, Depends(write_session, scope="function")]

Limit = Annotated[int, Query(ge=1, le=100, description="How many items a page holds at most.")]
Cursor = Annotated[
    int | None, Query(ge=1, le=MAX_ID, description="The `nextCursor` of the page before.")
]
VehicleId = Annotated[int, Path(alias="vehicleId", ge=1, le=MAX_ID, description="The vehicle.")]

Entity = TypeVar("Entity", bound=Base)


def get_or_404(db: Session, model: type[Entity], identifier: int, what: str) -> Entity:
    entity = db.get(model, identifier)
    if entity is None:
        raise not_found(what)
    return entity


def require_vehicle(db: Session, vehicle_id: int) -> Vehicle:
    return get_or_404(db, Vehicle, vehicle_id, "vehicle")


def page(rows: Sequence[Any], limit: int) -> dict[str, Any]:
    """Callers fetch limit + 1 rows: the last one only tells that there are more."""
    shown = rows[:limit]
    return {"items": shown, "next_cursor": shown[-1].id if len(rows) > limit else None}
