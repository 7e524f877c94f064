"""Queries, all with bound parameters."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, not_, update
from sqlalchemy import select as core_select
from sqlmodel import Session, col, select

from app.caller import Caller
from app.data.tables import (
    BookingRow,
    InvoiceRow,
    OpeningHoursRow,
    PatientRow,
    SlotRow,
    WaitingListEntryRow,
)

ACTIVE = ("booked", "completed")


@dataclass(frozen=True)
class Page:
    """A part of a list, and how long the whole is."""

    items: list[Any]
    total: int


@dataclass(frozen=True)
class SlotView:
    """A slot, and whether it can be booked now."""

    slot: SlotRow
    available: bool


def page(
    session: Session, statement: Any, order: list[Any], limit: int, offset: int
) -> Page:
    """Read a page in two statements."""
    total = session.exec(
        select(func.count()).select_from(statement.subquery())
    ).one()
    rows = session.exec(
        statement.order_by(*order).limit(limit).offset(offset)
    ).all()
    return Page(items=list(rows), total=total)


def first(session: Session, statement: Any) -> Any:
    """Give the first row of a statement, or None."""
    return session.exec(statement.limit(1)).first()


def patients_of(caller: Caller) -> Any:
    """Select the patients that the caller may see."""
    statement = select(PatientRow)
    if not caller.is_staff:
        statement = statement.where(col(PatientRow.owner_user_id) == caller.id)
    return statement


def patient_of(session: Session, caller: Caller, patient_id: int) -> Any:
    """Give one patient, if the caller may see it."""
    return first(
        session, patients_of(caller).where(col(PatientRow.id) == patient_id)
    )


def same_patient(
    session: Session, owner_user_id: int, full_name: str, birth_date: str
) -> Any:
    """Give the patient with this natural key."""
    return first(
        session,
        select(PatientRow).where(
            col(PatientRow.owner_user_id) == owner_user_id,
            col(PatientRow.full_name) == full_name,
            col(PatientRow.birth_date) == birth_date,
        ),
    )


def patient_in_use(session: Session, patient_id: int) -> bool:
    """Say whether bookings or waiting-list entries name the patient."""
    booking = first(
        session,
        select(BookingRow).where(col(BookingRow.patient_id) == patient_id),
    )
    entry = first(
        session,
        select(WaitingListEntryRow).where(
            col(WaitingListEntryRow.patient_id) == patient_id
        ),
    )
    return booking is not None or entry is not None


def hours_on(session: Session, practitioner_id: int, weekday: int) -> Any:
    """Give a practitioner's hours on a weekday."""
    return first(
        session,
        select(OpeningHoursRow).where(
            col(OpeningHoursRow.practitioner_id) == practitioner_id,
            col(OpeningHoursRow.weekday) == weekday,
        ),
    )


def available_at(now: str) -> Any:
    """Say in SQL that a slot is open, not started and not taken."""
    taken = (
        core_select(col(BookingRow.id))
        .where(
            col(BookingRow.slot_id) == col(SlotRow.id),
            col(BookingRow.status).in_(ACTIVE),
        )
        .correlate(SlotRow)
        .exists()
    )
    return and_(
        col(SlotRow.status) == "open",
        col(SlotRow.starts_at) > now,
        not_(taken),
    )


def slots_at(now: str) -> Any:
    """Select slots, each with its availability."""
    return select(SlotRow, available_at(now).label("available"))


def overlapping_slot(
    session: Session, practitioner_id: int, starts_at: str, ends_at: str
) -> Any:
    """Give an open slot of the practitioner in this time."""
    return first(
        session,
        select(SlotRow).where(
            col(SlotRow.practitioner_id) == practitioner_id,
            col(SlotRow.status) == "open",
            col(SlotRow.starts_at) < ends_at,
            col(SlotRow.ends_at) > starts_at,
        ),
    )


def active_booking(session: Session, slot_id: int) -> Any:
    """Give the booking that takes a slot."""
    return first(
        session,
        select(BookingRow).where(
            col(BookingRow.slot_id) == slot_id,
            col(BookingRow.status).in_(ACTIVE),
        ),
    )


def bookings_of(caller: Caller) -> Any:
    """Select the bookings that the caller may see."""
    statement = select(BookingRow)
    if not caller.is_staff:
        statement = statement.join(
            PatientRow, col(PatientRow.id) == col(BookingRow.patient_id)
        ).where(col(PatientRow.owner_user_id) == caller.id)
    return statement


def booking_of(session: Session, caller: Caller, booking_id: int) -> Any:
    """Give one booking, if the caller may see it."""
    return first(
        session, bookings_of(caller).where(col(BookingRow.id) == booking_id)
    )


def entries_of(caller: Caller) -> Any:
    """Select the waiting-list entries that the caller may see."""
    statement = select(WaitingListEntryRow)
    if not caller.is_staff:
        statement = statement.join(
            PatientRow,
            col(PatientRow.id) == col(WaitingListEntryRow.patient_id),
        ).where(col(PatientRow.owner_user_id) == caller.id)
    return statement


def entry_of(session: Session, caller: Caller, entry_id: int) -> Any:
    """Give one waiting-list entry, if the caller may see it."""
    return first(
        session,
        entries_of(caller).where(col(WaitingListEntryRow.id) == entry_id),
    )


def first_waiting(session: Session, slot_id: int) -> Any:
    """Give the entry that is to be promoted."""
    return first(
        session,
        select(WaitingListEntryRow)
        .where(
            col(WaitingListEntryRow.slot_id) == slot_id,
            col(WaitingListEntryRow.status) == "waiting",
        )
        .order_by(col(WaitingListEntryRow.id)),
    )


def waiting_entry(session: Session, slot_id: int, patient_id: int) -> Any:
    """Give the entry with which a patient waits for a slot."""
    return first(
        session,
        select(WaitingListEntryRow).where(
            col(WaitingListEntryRow.slot_id) == slot_id,
            col(WaitingListEntryRow.patient_id) == patient_id,
            col(WaitingListEntryRow.status) == "waiting",
        ),
    )


def close_waiting(session: Session, slot_id: int) -> None:
    """Close the waiting entries of a slot."""
    session.connection().execute(
        update(WaitingListEntryRow)
        .where(
            col(WaitingListEntryRow.slot_id) == slot_id,
            col(WaitingListEntryRow.status) == "waiting",
        )
        .values(status="closed")
    )


def invoices_of(caller: Caller) -> Any:
    """Select the invoices that the caller may see."""
    statement = select(InvoiceRow)
    if not caller.is_staff:
        statement = (
            statement.join(
                BookingRow, col(BookingRow.id) == col(InvoiceRow.booking_id)
            )
            .join(PatientRow, col(PatientRow.id) == col(BookingRow.patient_id))
            .where(col(PatientRow.owner_user_id) == caller.id)
        )
    return statement


def invoice_of(session: Session, caller: Caller, invoice_id: int) -> Any:
    """Give one invoice, if the caller may see it."""
    return first(
        session, invoices_of(caller).where(col(InvoiceRow.id) == invoice_id)
    )
