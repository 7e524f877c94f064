"""The waiting lists of taken slots."""

from sqlmodel import col

from app.caller import Caller
from app.data import queries
from app.data.database import read, write
from app.data.queries import Page
from app.data.tables import SlotRow, WaitingListEntryRow
from app.errors import ConflictError
from app.rules.common import found, now_text


def join(caller: Caller, slot_id: int, patient_id: int) -> WaitingListEntryRow:
    """Let a patient wait for a booked slot."""
    with write() as session:
        slot = found(session.get(SlotRow, slot_id))
        found(queries.patient_of(session, caller, patient_id))
        now = now_text()
        if slot.status != "open":
            raise ConflictError("The slot is withdrawn.")
        if slot.starts_at <= now:
            raise ConflictError("The slot has started.")
        booking = queries.active_booking(session, slot_id)
        if booking is None or booking.status != "booked":
            raise ConflictError("The slot is not booked.")
        if booking.patient_id == patient_id:
            raise ConflictError("The patient holds the slot's booking.")
        if queries.waiting_entry(session, slot_id, patient_id) is not None:
            raise ConflictError("The patient waits already.")
        entry = WaitingListEntryRow(
            slot_id=slot_id,
            patient_id=patient_id,
            status="waiting",
            created_at=now,
        )
        session.add(entry)
        session.flush()
        return entry


def find(caller: Caller, slot_id: int | None, limit: int, offset: int) -> Page:
    """List the entries that the caller may see."""
    statement = queries.entries_of(caller)
    if slot_id is not None:
        statement = statement.where(
            col(WaitingListEntryRow.slot_id) == slot_id
        )
    with read() as session:
        return queries.page(
            session, statement, [col(WaitingListEntryRow.id)], limit, offset
        )


def get(caller: Caller, entry_id: int) -> WaitingListEntryRow:
    """Read an entry."""
    with read() as session:
        entry: WaitingListEntryRow = found(
            queries.entry_of(session, caller, entry_id)
        )
        return entry


def leave(caller: Caller, entry_id: int) -> WaitingListEntryRow:
    """Take a waiting entry off the list."""
    with write() as session:
        entry: WaitingListEntryRow = found(
            queries.entry_of(session, caller, entry_id)
        )
        if entry.status != "waiting":
            raise ConflictError("The entry does not wait any more.")
        entry.status = "left"
        session.add(entry)
        session.flush()
        return entry
