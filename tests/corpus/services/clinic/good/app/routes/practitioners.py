"""Practitioners."""

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
from app.rules import practitioners as rules
from app.schemas import (
    MAX_ID,
    Practitioner,
    PractitionerPage,
    PractitionerWrite,
)

router = secured_router("Practitioners")

PractitionerId = Annotated[
    int, Path(ge=1, le=MAX_ID, description="The practitioner's id."), Decimal
]


@router.post(
    "/practitioners",
    operation_id="createPractitioner",
    summary="Create a practitioner",
    description="Staff only. The licence number is unique.",
    status_code=201,
    responses={
        **created("The practitioner was created."),
        **problems(401, 403, 409, 422),
    },
)
def create_practitioner(
    body: PractitionerWrite, caller: CurrentCaller, response: Response
) -> Practitioner:
    """Create a practitioner."""
    row = rules.create(caller, body.full_name, body.license_number)
    response.headers["Location"] = f"/practitioners/{row.id}"
    return Practitioner.model_validate(row)


@router.get(
    "/practitioners",
    operation_id="listPractitioners",
    summary="List practitioners",
    description="All practitioners, ordered by id.",
    response_description="A page of practitioners.",
    responses=problems(401, 422),
)
def list_practitioners(
    limit: Limit = 20, offset: Offset = 0
) -> PractitionerPage:
    """List practitioners."""
    return PractitionerPage.model_validate(rules.find(limit, offset))


@router.get(
    "/practitioners/{practitioner_id}",
    operation_id="getPractitioner",
    summary="Read a practitioner",
    description="One practitioner, for every user.",
    response_description="The practitioner.",
    responses=problems(401, 404, 422),
)
def get_practitioner(practitioner_id: PractitionerId) -> Practitioner:
    """Read a practitioner."""
    return Practitioner.model_validate(rules.get(practitioner_id))


@router.put(
    "/practitioners/{practitioner_id}",
    operation_id="replacePractitioner",
    summary="Replace a practitioner",
    description="Staff only. Replaces name and licence number.",
    response_description="The practitioner as it is now.",
    responses=problems(401, 403, 404, 409, 422),
)
def replace_practitioner(
    practitioner_id: PractitionerId,
    body: PractitionerWrite,
    caller: CurrentCaller,
) -> Practitioner:
    """Replace a practitioner."""
    row = rules.replace(
        caller, practitioner_id, body.full_name, body.license_number
    )
    return Practitioner.model_validate(row)


@router.delete(
    "/practitioners/{practitioner_id}",
    operation_id="deletePractitioner",
    summary="Delete a practitioner",
    description=(
        "Staff only. Deletes a practitioner without slots, and their opening "
        "hours."
    ),
    status_code=204,
    response_class=Response,
    response_model=None,
    response_description="The practitioner was deleted.",
    responses=problems(401, 403, 404, 409, 422),
)
def delete_practitioner(
    practitioner_id: PractitionerId, caller: CurrentCaller
) -> Response:
    """Delete a practitioner."""
    rules.delete(caller, practitioner_id)
    return Response(status_code=204)
