"""Opening hours."""

from sqlmodel import col, select

from app.caller import Caller
from app.data import queries
from app.data.database import read, write
from app.data.queries import Page
from app.data.tables import OpeningHoursRow, PractitionerRow
from app.errors import ConflictError
from app.rules.common import found, require_staff


def create(
    caller: Caller,
    practitioner_id: int,
    weekday: int,
    opens_minute: int,
    closes_minute: int,
) -> OpeningHoursRow:
    """Create the hours of a practitioner on a weekday."""
    with write() as session:
        found(session.get(PractitionerRow, practitioner_id))
        require_staff(caller)
        if queries.hours_on(session, practitioner_id, weekday) is not None:
            raise ConflictError("The practitioner has hours on that weekday.")
        hours = OpeningHoursRow(
            practitioner_id=practitioner_id,
            weekday=weekday,
            opens_minute=opens_minute,
            closes_minute=closes_minute,
        )
        session.add(hours)
        session.flush()
        return hours


def find(practitioner_id: int | None, limit: int, offset: int) -> Page:
    """List opening hours."""
    statement = select(OpeningHoursRow)
    if practitioner_id is not None:
        statement = statement.where(
            col(OpeningHoursRow.practitioner_id) == practitioner_id
        )
    with read() as session:
        return queries.page(
            session, statement, [col(OpeningHoursRow.id)], limit, offset
        )


def get(opening_hours_id: int) -> OpeningHoursRow:
    """Read opening hours."""
    with read() as session:
        return found(session.get(OpeningHoursRow, opening_hours_id))


def delete(caller: Caller, opening_hours_id: int) -> None:
    """Delete opening hours; slots stay."""
    with write() as session:
        hours = found(session.get(OpeningHoursRow, opening_hours_id))
        require_staff(caller)
        session.delete(hours)
        session.flush()
