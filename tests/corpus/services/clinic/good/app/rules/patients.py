"""Patients."""

from sqlmodel import col

from app.caller import Caller
from app.data import queries
from app.data.database import read, write
from app.data.queries import Page
from app.data.tables import PatientRow
from app.errors import ConflictError
from app.rules.common import found

SAME = "A patient with this name and birth date exists."


def create(caller: Caller, full_name: str, birth_date: str) -> PatientRow:
    """Create a patient of the caller."""
    with write() as session:
        if queries.same_patient(session, caller.id, full_name, birth_date):
            raise ConflictError(SAME)
        patient = PatientRow(
            owner_user_id=caller.id,
            full_name=full_name,
            birth_date=birth_date,
        )
        session.add(patient)
        session.flush()
        return patient


def find(caller: Caller, limit: int, offset: int) -> Page:
    """List the patients that the caller may see."""
    with read() as session:
        return queries.page(
            session,
            queries.patients_of(caller),
            [col(PatientRow.id)],
            limit,
            offset,
        )


def get(caller: Caller, patient_id: int) -> PatientRow:
    """Read a patient."""
    with read() as session:
        return found(queries.patient_of(session, caller, patient_id))


def replace(
    caller: Caller, patient_id: int, full_name: str, birth_date: str
) -> PatientRow:
    """Replace name and birth date; the owner stays."""
    with write() as session:
        patient = found(queries.patient_of(session, caller, patient_id))
        same = queries.same_patient(
            session, patient.owner_user_id, full_name, birth_date
        )
        if same is not None and same.id != patient.id:
            raise ConflictError(SAME)
        patient.full_name = full_name
        patient.birth_date = birth_date
        session.add(patient)
        session.flush()
        return patient


def delete(caller: Caller, patient_id: int) -> None:
    """Delete a patient that nothing names."""
    with write() as session:
        patient = found(queries.patient_of(session, caller, patient_id))
        if queries.patient_in_use(session, patient_id):
            raise ConflictError(
                "The patient has bookings or waiting-list entries."
            )
        session.delete(patient)
        session.flush()
