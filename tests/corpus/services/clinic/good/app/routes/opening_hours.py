"""Opening hours."""

from typing import Annotated

from fastapi import Path, Response

from app.auth import CurrentCaller
from app.routes.common import (
    Decimal,
    Limit,
    Offset,
    PractitionerFilter,
    created,
    problems,
    secured_router,
)
from app.rules import opening_hours as rules
from app.schemas import (
    MAX_ID,
    OpeningHours,
    OpeningHoursCreate,
    OpeningHoursPage,
)

router = secured_router("OpeningHours")

OpeningHoursId = Annotated[
    int,
    Path(ge=1, le=MAX_ID, description="The id of the opening hours."),
    Decimal,
]


@router.post(
    "/opening-hours",
    operation_id="createOpeningHours",
    summary="Create opening hours",
    description=(
        "Staff only. One interval for each practitioner and weekday. The "
        "closing minute must be greater than the opening minute, else 422."
    ),
    status_code=201,
    responses={
        **created("The opening hours were created."),
        **problems(401, 403, 404, 409, 422),
    },
)
def create_opening_hours(
    body: OpeningHoursCreate, caller: CurrentCaller, response: Response
) -> OpeningHours:
    """Create opening hours."""
    row = rules.create(
        caller,
        body.practitioner_id,
        body.weekday,
        body.opens_minute,
        body.closes_minute,
    )
    response.headers["Location"] = f"/opening-hours/{row.id}"
    return OpeningHours.model_validate(row)


@router.get(
    "/opening-hours",
    operation_id="listOpeningHours",
    summary="List opening hours",
    description="All opening hours, or a practitioner's, ordered by id.",
    response_description="A page of opening hours.",
    responses=problems(401, 422),
)
def list_opening_hours(
    practitioner_id: PractitionerFilter = None,
    limit: Limit = 20,
    offset: Offset = 0,
) -> OpeningHoursPage:
    """List opening hours."""
    return OpeningHoursPage.model_validate(
        rules.find(practitioner_id, limit, offset)
    )


@router.get(
    "/opening-hours/{opening_hours_id}",
    operation_id="getOpeningHours",
    summary="Read opening hours",
    description="One interval of opening hours, for every user.",
    response_description="The opening hours.",
    responses=problems(401, 404, 422),
)
def get_opening_hours(opening_hours_id: OpeningHoursId) -> OpeningHours:
    """Read opening hours."""
    return OpeningHours.model_validate(rules.get(opening_hours_id))


@router.delete(
    "/opening-hours/{opening_hours_id}",
    operation_id="deleteOpeningHours",
    summary="Delete opening hours",
    description="Staff only. Slots that exist already stay.",
    status_code=204,
    response_class=Response,
    response_model=None,
    response_description="The opening hours were deleted.",
    responses=problems(401, 403, 404, 422),
)
def delete_opening_hours(
    opening_hours_id: OpeningHoursId, caller: CurrentCaller
) -> Response:
    """Delete opening hours."""
    rules.delete(caller, opening_hours_id)
    return Response(status_code=204)
