"""Bookings, and the promotion from the waiting list."""

from sqlmodel import Session, col

from app.caller import Caller
from app.data import queries
from app.data.database import read, write
from app.data.queries import Page
from app.data.tables import BookingRow, InvoiceRow, ServiceRow, SlotRow
from app.errors import ConflictError
from app.rules.common import found, now_text, require_staff


def _book(
    session: Session, slot: SlotRow, patient_id: int, now: str
) -> BookingRow:
    """Make a booking at the service's price of this moment."""
    service = session.get_one(ServiceRow, slot.service_id)
    booking = BookingRow(
        slot_id=slot.id,
        patient_id=patient_id,
        price_cents=service.price_cents,
        status="booked",
        created_at=now,
    )
    session.add(booking)
    session.flush()
    return booking


def create(caller: Caller, slot_id: int, patient_id: int) -> BookingRow:
    """Book an available slot."""
    with write() as session:
        slot = found(session.get(SlotRow, slot_id))
        found(queries.patient_of(session, caller, patient_id))
        now = now_text()
        if slot.status != "open":
            raise ConflictError("The slot is withdrawn.")
        if slot.starts_at <= now:
            raise ConflictError("The slot has started.")
        if queries.active_booking(session, slot_id) is not None:
            raise ConflictError("The slot is taken.")
        return _book(session, slot, patient_id, now)


def find(caller: Caller, slot_id: int | None, limit: int, offset: int) -> Page:
    """List the bookings that the caller may see."""
    statement = queries.bookings_of(caller)
    if slot_id is not None:
        statement = statement.where(col(BookingRow.slot_id) == slot_id)
    with read() as session:
        return queries.page(
            session, statement, [col(BookingRow.id)], limit, offset
        )


def get(caller: Caller, booking_id: int) -> BookingRow:
    """Read a booking."""
    with read() as session:
        booking: BookingRow = found(
            queries.booking_of(session, caller, booking_id)
        )
        return booking


def cancel(caller: Caller, booking_id: int) -> BookingRow:
    """Cancel a booking and give its slot to the first who waits."""
    with write() as session:
        booking: BookingRow = found(
            queries.booking_of(session, caller, booking_id)
        )
        if booking.status != "booked":
            raise ConflictError("The booking is not booked.")
        now = now_text()
        slot = session.get_one(SlotRow, booking.slot_id)
        started = slot.starts_at <= now
        if started and not caller.is_staff:
            raise ConflictError("The slot has started.")
        booking.status = "cancelled"
        session.add(booking)
        session.flush()
        if not started and slot.status == "open":
            entry = queries.first_waiting(session, booking.slot_id)
            if entry is not None:
                entry.status = "promoted"
                session.add(entry)
                _book(session, slot, entry.patient_id, now)
        return booking


def complete(caller: Caller, booking_id: int) -> BookingRow:
    """Complete a booking and issue its invoice."""
    with write() as session:
        booking: BookingRow = found(
            queries.booking_of(session, caller, booking_id)
        )
        require_staff(caller)
        if booking.status != "booked":
            raise ConflictError("The booking is not booked.")
        booking.status = "completed"
        session.add(booking)
        session.flush()
        session.add(
            InvoiceRow(
                booking_id=booking_id,
                amount_cents=booking.price_cents,
                status="issued",
                issued_at=now_text(),
                paid_at=None,
            )
        )
        session.flush()
        return booking
