"""Services."""

from sqlmodel import Session, col, select

from app.caller import Caller
from app.data import queries
from app.data.database import read, write
from app.data.queries import Page
from app.data.tables import ServiceRow, SlotRow
from app.errors import ConflictError
from app.rules.common import found, require_staff

SAME = "A service with this name exists."


def _with_name(session: Session, name: str) -> ServiceRow | None:
    row: ServiceRow | None = queries.first(
        session, select(ServiceRow).where(col(ServiceRow.name) == name)
    )
    return row


def create(
    caller: Caller, name: str, duration_minutes: int, price_cents: int
) -> ServiceRow:
    """Create a service."""
    with write() as session:
        require_staff(caller)
        if _with_name(session, name) is not None:
            raise ConflictError(SAME)
        service = ServiceRow(
            name=name,
            duration_minutes=duration_minutes,
            price_cents=price_cents,
        )
        session.add(service)
        session.flush()
        return service


def find(limit: int, offset: int) -> Page:
    """List services."""
    with read() as session:
        return queries.page(
            session, select(ServiceRow), [col(ServiceRow.id)], limit, offset
        )


def get(service_id: int) -> ServiceRow:
    """Read a service."""
    with read() as session:
        return found(session.get(ServiceRow, service_id))


def replace(
    caller: Caller,
    service_id: int,
    name: str,
    duration_minutes: int,
    price_cents: int,
) -> ServiceRow:
    """Replace a service; slots and bookings keep theirs."""
    with write() as session:
        service = found(session.get(ServiceRow, service_id))
        require_staff(caller)
        same = _with_name(session, name)
        if same is not None and same.id != service.id:
            raise ConflictError(SAME)
        service.name = name
        service.duration_minutes = duration_minutes
        service.price_cents = price_cents
        session.add(service)
        session.flush()
        return service


def delete(caller: Caller, service_id: int) -> None:
    """Delete a service without slots."""
    with write() as session:
        service = found(session.get(ServiceRow, service_id))
        require_staff(caller)
        slot = queries.first(
            session,
            select(SlotRow).where(col(SlotRow.service_id) == service_id),
        )
        if slot is not None:
            raise ConflictError("The service has slots.")
        session.delete(service)
        session.flush()
