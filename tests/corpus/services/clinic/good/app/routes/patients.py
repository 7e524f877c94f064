"""Patients."""

from typing import Annotated

from fastapi import Path, Response

from app.auth import CurrentCaller
from app.routes.common import (
    Decimal,
    Limit,
    Offset,
    created,
    problems,
    secured_router,
)
from app.rules import patients as rules
from app.schemas import MAX_ID, Patient, PatientPage, PatientWrite

router = secured_router("Patients")

PatientId = Annotated[
    int, Path(ge=1, le=MAX_ID, description="The patient's id."), Decimal
]


@router.post(
    "/patients",
    operation_id="createPatient",
    summary="Create a patient",
    description=(
        "Creates a patient that belongs to the caller. The same name and "
        "birth date a second time is a conflict."
    ),
    status_code=201,
    responses={
        **created("The patient was created."),
        **problems(401, 409, 422),
    },
)
def create_patient(
    body: PatientWrite, caller: CurrentCaller, response: Response
) -> Patient:
    """Create a patient."""
    row = rules.create(caller, body.full_name, body.birth_date)
    response.headers["Location"] = f"/patients/{row.id}"
    return Patient.model_validate(row)


@router.get(
    "/patients",
    operation_id="listPatients",
    summary="List patients",
    description="The caller's patients, or all of them for staff, by id.",
    response_description="A page of patients.",
    responses=problems(401, 422),
)
def list_patients(
    caller: CurrentCaller, limit: Limit = 20, offset: Offset = 0
) -> PatientPage:
    """List patients."""
    return PatientPage.model_validate(rules.find(caller, limit, offset))


@router.get(
    "/patients/{patient_id}",
    operation_id="getPatient",
    summary="Read a patient",
    description="One patient, for its owner and for staff.",
    response_description="The patient.",
    responses=problems(401, 404, 422),
)
def get_patient(patient_id: PatientId, caller: CurrentCaller) -> Patient:
    """Read a patient."""
    return Patient.model_validate(rules.get(caller, patient_id))


@router.put(
    "/patients/{patient_id}",
    operation_id="replacePatient",
    summary="Replace a patient",
    description=(
        "Replaces name and birth date; for the owner and for staff. The owner "
        "stays the same."
    ),
    response_description="The patient as it is now.",
    responses=problems(401, 404, 409, 422),
)
def replace_patient(
    patient_id: PatientId, body: PatientWrite, caller: CurrentCaller
) -> Patient:
    """Replace a patient."""
    row = rules.replace(caller, patient_id, body.full_name, body.birth_date)
    return Patient.model_validate(row)


@router.delete(
    "/patients/{patient_id}",
    operation_id="deletePatient",
    summary="Delete a patient",
    description=(
        "Deletes a patient without bookings and waiting-list entries; for the "
        "owner and for staff."
    ),
    status_code=204,
    response_class=Response,
    response_model=None,
    response_description="The patient was deleted.",
    responses=problems(401, 404, 409, 422),
)
def delete_patient(patient_id: PatientId, caller: CurrentCaller) -> Response:
    """Delete a patient."""
    rules.delete(caller, patient_id)
    return Response(status_code=204)
