"""Slots."""

from typing import Annotated, Literal

from fastapi import Path, Query, Response

from app.auth import CurrentCaller
from app.data.queries import SlotView
from app.routes.common import (
    Decimal,
    Limit,
    Offset,
    PractitionerFilter,
    ServiceFilter,
    created,
    problems,
    secured_router,
)
from app.rules import slots as rules
from app.schemas import MAX_ID, Slot, SlotCreate, SlotPage

router = secured_router("Slots")

SlotId = Annotated[
    int, Path(ge=1, le=MAX_ID, description="The slot's id."), Decimal
]
Availability = Annotated[
    Literal["all", "available"],
    Query(description="All slots, or only those that can be booked now."),
]


def _shown(view: SlotView) -> Slot:
    return Slot.model_validate(
        {**view.slot.model_dump(), "available": view.available}
    )


@router.post(
    "/slots",
    operation_id="createSlot",
    summary="Create a slot",
    description=(
        "Staff only. The end is the start plus the service's duration. A "
        "start that is not in the future, a slot outside the practitioner's "
        "opening hours and one that overlaps an open slot of the practitioner "
        "are conflicts."
    ),
    status_code=201,
    responses={
        **created("The slot was created."),
        **problems(401, 403, 404, 409, 422),
    },
)
def create_slot(
    body: SlotCreate, caller: CurrentCaller, response: Response
) -> Slot:
    """Create a slot."""
    view = rules.create(
        caller, body.practitioner_id, body.service_id, body.starts_at
    )
    response.headers["Location"] = f"/slots/{view.slot.id}"
    return _shown(view)


@router.get(
    "/slots",
    operation_id="listSlots",
    summary="List slots",
    description="Slots, ordered by start and then by id.",
    response_description="A page of slots.",
    responses=problems(401, 422),
)
def list_slots(
    practitioner_id: PractitionerFilter = None,
    service_id: ServiceFilter = None,
    availability: Availability = "all",
    limit: Limit = 20,
    offset: Offset = 0,
) -> SlotPage:
    """List slots."""
    page = rules.find(
        practitioner_id,
        service_id,
        availability == "available",
        limit,
        offset,
    )
    return SlotPage(
        items=[_shown(view) for view in page.items], total=page.total
    )


@router.get(
    "/slots/{slot_id}",
    operation_id="getSlot",
    summary="Read a slot",
    description="One slot, for every user.",
    response_description="The slot.",
    responses=problems(401, 404, 422),
)
def get_slot(slot_id: SlotId) -> Slot:
    """Read a slot."""
    return _shown(rules.get(slot_id))


@router.post(
    "/slots/{slot_id}/withdraw",
    operation_id="withdrawSlot",
    summary="Withdraw a slot",
    description=(
        "Staff only. Withdraws an open slot, cancels its booking and closes "
        "its waiting list. A completed booking forbids it."
    ),
    response_description="The slot, withdrawn.",
    responses=problems(401, 403, 404, 409, 422),
)
def withdraw_slot(slot_id: SlotId, caller: CurrentCaller) -> Slot:
    """Withdraw a slot."""
    return _shown(rules.withdraw(caller, slot_id))
