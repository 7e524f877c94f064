"""Bookings."""

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
from app.rules import bookings as rules
from app.schemas import MAX_ID, Booking, BookingCreate, BookingPage

router = secured_router("Bookings")

BookingId = Annotated[
    int, Path(ge=1, le=MAX_ID, description="The booking's id."), Decimal
]


@router.post(
    "/bookings",
    operation_id="createBooking",
    summary="Book a slot",
    description=(
        "Books an available slot for a patient of the caller; staff may book "
        "for every patient. The price is the service's of this moment. A slot "
        "that is withdrawn, started or taken is a conflict."
    ),
    status_code=201,
    responses={
        **created("The slot was booked."),
        **problems(401, 404, 409, 422),
    },
)
def create_booking(
    body: BookingCreate, caller: CurrentCaller, response: Response
) -> Booking:
    """Book a slot."""
    row = rules.create(caller, body.slot_id, body.patient_id)
    response.headers["Location"] = f"/bookings/{row.id}"
    return Booking.model_validate(row)


@router.get(
    "/bookings",
    operation_id="listBookings",
    summary="List bookings",
    description=(
        "The bookings of the caller's patients, or all of them for staff, "
        "ordered by id."
    ),
    response_description="A page of bookings.",
    responses=problems(401, 422),
)
def list_bookings(
    caller: CurrentCaller,
    slot_id: SlotFilter = None,
    limit: Limit = 20,
    offset: Offset = 0,
) -> BookingPage:
    """List bookings."""
    return BookingPage.model_validate(
        rules.find(caller, slot_id, limit, offset)
    )


@router.get(
    "/bookings/{booking_id}",
    operation_id="getBooking",
    summary="Read a booking",
    description="One booking, for the patient's owner and for staff.",
    response_description="The booking.",
    responses=problems(401, 404, 422),
)
def get_booking(booking_id: BookingId, caller: CurrentCaller) -> Booking:
    """Read a booking."""
    return Booking.model_validate(rules.get(caller, booking_id))


@router.post(
    "/bookings/{booking_id}/cancel",
    operation_id="cancelBooking",
    summary="Cancel a booking",
    description=(
        "For the patient's owner before the slot starts, and for staff at any "
        "time. If the slot has not started, the first waiting patient gets a "
        "booking of it in the same transaction."
    ),
    response_description="The booking, cancelled.",
    responses=problems(401, 404, 409, 422),
)
def cancel_booking(booking_id: BookingId, caller: CurrentCaller) -> Booking:
    """Cancel a booking."""
    return Booking.model_validate(rules.cancel(caller, booking_id))


@router.post(
    "/bookings/{booking_id}/complete",
    operation_id="completeBooking",
    summary="Complete a booking",
    description=(
        "Staff only. Completes a booking and issues its invoice in the same "
        "transaction."
    ),
    response_description="The booking, completed.",
    responses=problems(401, 403, 404, 409, 422),
)
def complete_booking(booking_id: BookingId, caller: CurrentCaller) -> Booking:
    """Complete a booking."""
    return Booking.model_validate(rules.complete(caller, booking_id))
