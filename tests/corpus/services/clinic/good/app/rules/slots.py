"""Slots."""

from datetime import UTC, datetime, timedelta

from sqlmodel import col

from app.caller import Caller
from app.data import queries
from app.data.database import read, write
from app.data.queries import Page, SlotView
from app.data.tables import PractitionerRow, ServiceRow, SlotRow
from app.errors import ConflictError
from app.rules.common import (
    TIME_FORMAT,
    found,
    now_text,
    require_staff,
    utc_text,
)


def create(
    caller: Caller, practitioner_id: int, service_id: int, starts_at: str
) -> SlotView:
    """Create a slot inside the opening hours."""
    start = datetime.strptime(starts_at, TIME_FORMAT).replace(tzinfo=UTC)
    with write() as session:
        found(session.get(PractitionerRow, practitioner_id))
        service = found(session.get(ServiceRow, service_id))
        require_staff(caller)
        if starts_at <= now_text():
            raise ConflictError("The slot does not start in the future.")
        hours = queries.hours_on(session, practitioner_id, start.isoweekday())
        minute = start.hour * 60 + start.minute
        if (
            hours is None
            or minute < hours.opens_minute
            or minute + service.duration_minutes > hours.closes_minute
        ):
            raise ConflictError("The slot is outside the opening hours.")
        ends_at = utc_text(start + timedelta(minutes=service.duration_minutes))
        overlapping = queries.overlapping_slot(
            session, practitioner_id, starts_at, ends_at
        )
        if overlapping is not None:
            raise ConflictError(
                "The slot overlaps an open slot of the practitioner."
            )
        slot = SlotRow(
            practitioner_id=practitioner_id,
            service_id=service_id,
            starts_at=starts_at,
            ends_at=ends_at,
            status="open",
        )
        session.add(slot)
        session.flush()
        return SlotView(slot=slot, available=True)


def find(
    practitioner_id: int | None,
    service_id: int | None,
    only_available: bool,
    limit: int,
    offset: int,
) -> Page:
    """List slots."""
    now = now_text()
    statement = queries.slots_at(now)
    if practitioner_id is not None:
        statement = statement.where(
            col(SlotRow.practitioner_id) == practitioner_id
        )
    if service_id is not None:
        statement = statement.where(col(SlotRow.service_id) == service_id)
    if only_available:
        statement = statement.where(queries.available_at(now))
    with read() as session:
        page = queries.page(
            session,
            statement,
            [col(SlotRow.starts_at), col(SlotRow.id)],
            limit,
            offset,
        )
    views = [
        SlotView(slot=slot, available=bool(available))
        for slot, available in page.items
    ]
    return Page(items=views, total=page.total)


def get(slot_id: int) -> SlotView:
    """Read a slot."""
    statement = queries.slots_at(now_text()).where(col(SlotRow.id) == slot_id)
    with read() as session:
        slot, available = found(queries.first(session, statement))
        return SlotView(slot=slot, available=bool(available))


def withdraw(caller: Caller, slot_id: int) -> SlotView:
    """Withdraw a slot, cancel its booking, close its waiting list."""
    with write() as session:
        slot = found(session.get(SlotRow, slot_id))
        require_staff(caller)
        if slot.status != "open":
            raise ConflictError("The slot is withdrawn already.")
        booking = queries.active_booking(session, slot_id)
        if booking is not None:
            if booking.status == "completed":
                raise ConflictError("The slot's booking is completed.")
            booking.status = "cancelled"
            session.add(booking)
        slot.status = "withdrawn"
        session.add(slot)
        session.flush()
        queries.close_waiting(session, slot_id)
        return SlotView(slot=slot, available=False)
