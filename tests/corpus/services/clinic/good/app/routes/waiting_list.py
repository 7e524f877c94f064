"""Waiting lists."""

from typing import Annotated

from fastapi import Path, Response

from app.auth import CurrentCaller
from app.routes.common import (
    Decimal,
    Limit,
    Offset,
    SlotFilter,
    created,
    problems,
    secured_router,
)
from app.rules import waiting_list as rules
from app.schemas import (
    MAX_ID,
    WaitingListEntry,
    WaitingListEntryCreate,
    WaitingListEntryPage,
)

router = secured_router("WaitingList")

EntryId = Annotated[
    int,
    Path(ge=1, le=MAX_ID, description="The id of the waiting-list entry."),
    Decimal,
]


@router.post(
    "/waiting-list-entries",
    operation_id="joinWaitingList",
    summary="Join a waiting list",
    description=(
        "Lets a patient of the caller, or any patient for staff, wait for a "
        "booked slot. A slot that is withdrawn, started or not booked, and a "
        "patient who holds its booking or waits already, are conflicts."
    ),
    status_code=201,
    responses={
        **created("The patient waits."),
        **problems(401, 404, 409, 422),
    },
)
def join_waiting_list(
    body: WaitingListEntryCreate, caller: CurrentCaller, response: Response
) -> WaitingListEntry:
    """Join a waiting list."""
    row = rules.join(caller, body.slot_id, body.patient_id)
    response.headers["Location"] = f"/waiting-list-entries/{row.id}"
    return WaitingListEntry.model_validate(row)


@router.get(
    "/waiting-list-entries",
    operation_id="listWaitingListEntries",
    summary="List waiting-list entries",
    description=(
        "The entries of the caller's patients, or all of them for staff, "
        "ordered by id, which is the order of promotion."
    ),
    response_description="A page of waiting-list entries.",
    responses=problems(401, 422),
)
def list_waiting_list_entries(
    caller: CurrentCaller,
    slot_id: SlotFilter = None,
    limit: Limit = 20,
    offset: Offset = 0,
) -> WaitingListEntryPage:
    """List waiting-list entries."""
    return WaitingListEntryPage.model_validate(
        rules.find(caller, slot_id, limit, offset)
    )


@router.get(
    "/waiting-list-entries/{entry_id}",
    operation_id="getWaitingListEntry",
    summary="Read a waiting-list entry",
    description="One entry, for the patient's owner and for staff.",
    response_description="The waiting-list entry.",
    responses=problems(401, 404, 422),
)
def get_waiting_list_entry(
    entry_id: EntryId, caller: CurrentCaller
) -> WaitingListEntry:
    """Read a waiting-list entry."""
    return WaitingListEntry.model_validate(rules.get(caller, entry_id))


@router.post(
    "/waiting-list-entries/{entry_id}/leave",
    operation_id="leaveWaitingList",
    summary="Leave a waiting list",
    description=(
        "Takes a waiting entry off the list; for the patient's owner and for "
        "staff."
    ),
    response_description="The entry, left.",
    responses=problems(401, 404, 409, 422),
)
def leave_waiting_list(
    entry_id: EntryId, caller: CurrentCaller
) -> WaitingListEntry:
    """Leave a waiting list."""
    return WaitingListEntry.model_validate(rules.leave(caller, entry_id))
