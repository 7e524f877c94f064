"""Practitioners."""

from sqlmodel import Session, col, select

from app.caller import Caller
from app.data import queries
from app.data.database import read, write
from app.data.queries import Page
from app.data.tables import PractitionerRow, SlotRow
from app.errors import ConflictError
from app.rules.common import found, require_staff

SAME = "A practitioner with this licence number exists."


def _with_license(session: Session, license_number: str) -> PractitionerRow | None:
    row: PractitionerRow | None = queries.first(
        session,
        select(PractitionerRow).where(
            col(PractitionerRow.license_number) == license_number
        ),
    )
    return row


def create(
    caller: Caller, full_name: str, license_number: str
) -> PractitionerRow:
    """Create a practitioner."""
    with write() as session:
        require_staff(caller)
        if _with_license(session, license_number) is not None:
            raise ConflictError(SAME)
        practitioner = PractitionerRow(
            full_name=full_name, license_number=license_number
        )
        session.add(practitioner)
        session.flush()
        return practitioner


def find(limit: int, offset: int) -> Page:
    """List practitioners."""
    with read() as session:
        return queries.page(
            session,
            select(PractitionerRow),
            [col(PractitionerRow.id)],
            limit,
            offset,
        )


def get(practitioner_id: int) -> PractitionerRow:
    """Read a practitioner."""
    with read() as session:
        return found(session.get(PractitionerRow, practitioner_id))


def replace(
    caller: Caller, practitioner_id: int, full_name: str, license_number: str
) -> PractitionerRow:
    """Replace name and licence number."""
    with write() as session:
        practitioner = found(session.get(PractitionerRow, practitioner_id))
        require_staff(caller)
        same = _with_license(session, license_number)
        if same is not None and same.id != practitioner.id:
            raise ConflictError(SAME)
        practitioner.full_name = full_name
        practitioner.license_number = license_number
        session.add(practitioner)
        session.flush()
        return practitioner


def delete(caller: Caller, practitioner_id: int) -> None:
    """Delete a practitioner without slots, and their opening hours."""
    with write() as session:
        practitioner = found(session.get(PractitionerRow, practitioner_id))
        require_staff(caller)
        slot = queries.first(
            session,
            select(SlotRow).where(
                col(SlotRow.practitioner_id) == practitioner_id
            ),
        )
        if slot is not None:
            raise ConflictError("The practitioner has slots.")
        session.delete(practitioner)
        session.flush()
