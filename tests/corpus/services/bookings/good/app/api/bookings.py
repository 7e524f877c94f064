"""Bookings and invitations to them."""

from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session

from app import models
from app.db import unit
from app.errors import Refusal, not_found, refusals, success
from app.identity import Caller, Signed
from app.tables import Booking, CreditEntry, Invitation, Room, User
from app.web import json_body

router = APIRouter(tags=["bookings"])
FARTHEST = timedelta(days=366)
MAX_INVITED = 50
CHANGED = Refusal(412, "changed", "The booking has changed in the meantime.")
ETAG = success(200, "The booking.", ETag="Its version.")


def visible(caller: Caller) -> ColumnElement[bool]:
    """What a caller sees: their own bookings, those they are invited to, and all for an administrator."""
    if caller.is_admin:
        return Booking.id.is_not(None)
    invited = select(Invitation.booking_id).where(Invitation.invitee_id == caller.id)
    return or_(Booking.organiser_id == caller.id, Booking.id.in_(invited))


def own(session: Session, booking_id: UUID, caller: Caller) -> Booking:
    """A booking that the caller organises, locked. 404 for strangers, 403 for those who only see it."""
    booking = session.scalar(
        select(Booking).where(Booking.id == booking_id, visible(caller)).with_for_update(of=Booking)
    )
    if booking is None:
        raise not_found("booking")
    if booking.organiser_id != caller.id:
        raise Refusal(403, "organiser_only", "Only the organiser may do this.")
    return booking


def move_credit(session: Session, user_id: UUID, hours: int, reason: str, booking_id: UUID) -> None:
    """Change a user's hours and write it down; what they do not have cannot be taken (409)."""
    changed = session.scalar(
        update(User)
        .where(User.id == user_id, User.credit_hours + hours >= 0)
        .values(credit_hours=User.credit_hours + hours)
        .returning(User.id)
    )
    if changed is None:
        raise Refusal(409, "too_few_hours", "The hours that are left do not suffice.")
    session.add(CreditEntry(user_id=user_id, booking_id=booking_id, hours=hours, reason=reason))


@router.get("/bookings", operation_id="listBookings", responses=refusals(401, 422))
def list_bookings(
    caller: Signed,
    status: Annotated[models.BookingStatus | None, Query(description="Only with this status.")] = None,
    room_id: Annotated[models.Id | None, Query(description="Only of this room.")] = None,
    page: models.PageNumber = 1,
    page_size: models.PageSize = 20,
) -> models.BookingList:
    """Bookings that the caller organises or is invited to, ordered by their start."""
    wanted = select(Booking).where(visible(caller))
    if status is not None:
        wanted = wanted.where(Booking.status == status.value)
    if room_id is not None:
        wanted = wanted.where(Booking.room_id == room_id)
    with unit() as session:
        found = session.scalars(
            wanted.order_by(Booking.starts_at, Booking.id).limit(page_size + 1).offset((page - 1) * page_size)
        ).all()
    data = [models.Booking.model_validate(booking) for booking in found[:page_size]]
    return models.BookingList(data=data, page=page, more=len(found) > page_size)


@router.post(
    "/bookings",
    status_code=201,
    operation_id="createBooking",
    responses={**success(201, "Booked.", Location="Where it is."), **refusals(401, 404, 409, 413, 415, 422)},
    dependencies=[Depends(json_body)],
)
def create_booking(body: models.BookingInput, caller: Signed, response: Response) -> models.Booking:
    """Book a room that is open and free, for hours that the caller has left (409 otherwise)."""
    now = datetime.now(UTC)
    if not now < body.starts_at <= now + FARTHEST:
        raise Refusal(409, "bad_start", "A booking starts in the future, within a year.")
    booking = Booking(
        room_id=body.room_id,
        organiser_id=caller.id,
        title=body.title,
        starts_at=body.starts_at,
        ends_at=body.starts_at + timedelta(hours=body.hours),
        hours=body.hours,
    )
    with unit() as session:
        # Bookings of one room wait for each other here, not inside the exclusion constraint, which may deadlock.
        room = session.scalar(select(Room).where(Room.id == body.room_id).with_for_update())
        if room is None:
            raise not_found("room")
        if room.status != "open":
            raise Refusal(409, "room_closed", "The room is closed.")
        session.add(booking)
        session.flush()
        session.refresh(booking)
        move_credit(session, caller.id, -body.hours, "booking", booking.id)
    response.headers["Location"] = f"/bookings/{booking.id}"
    return models.Booking.model_validate(booking)


@router.get("/bookings/{booking_id}", operation_id="readBooking", responses={**ETAG, **refusals(401, 404, 422)})
def read_booking(booking_id: models.PathId, caller: Signed, response: Response) -> models.Booking:
    """A booking that the caller organises or is invited to."""
    with unit() as session:
        booking = session.scalar(select(Booking).where(Booking.id == booking_id, visible(caller)))
    if booking is None:
        raise not_found("booking")
    response.headers["ETag"] = f'"{booking.version}"'
    return models.Booking.model_validate(booking)


@router.patch(
    "/bookings/{booking_id}",
    operation_id="changeBooking",
    responses={**ETAG, **refusals(401, 403, 404, 409, 412, 413, 415, 422)},
    dependencies=[Depends(json_body)],
)
def change_booking(
    booking_id: models.PathId, body: models.BookingChange, if_match: models.IfMatch, caller: Signed, response: Response
) -> models.Booking:
    """Give a booking another title; its organiser only. A cancelled one stays as it is (409)."""
    with unit() as session:
        booking = own(session, booking_id, caller)
        _hold(booking, if_match)
        booking.title = body.title
        booking.version += 1
    response.headers["ETag"] = f'"{booking.version}"'
    return models.Booking.model_validate(booking)


@router.post(
    "/bookings/{booking_id}/cancellation",
    operation_id="cancelBooking",
    responses={**ETAG, **refusals(401, 403, 404, 409, 412, 422)},
)
def cancel_booking(
    booking_id: models.PathId, if_match: models.IfMatch, caller: Signed, response: Response
) -> models.Booking:
    """Cancel a booking that has not begun and get its hours back; its organiser only, once (409)."""
    with unit() as session:
        booking = own(session, booking_id, caller)
        _hold(booking, if_match)
        if booking.starts_at <= datetime.now(UTC):
            raise Refusal(409, "begun", "The booking has begun.")
        booking.status = "cancelled"
        booking.version += 1
        move_credit(session, caller.id, booking.hours, "cancellation", booking.id)
    response.headers["ETag"] = f'"{booking.version}"'
    return models.Booking.model_validate(booking)


def _hold(booking: Booking, if_match: str) -> None:
    """See that a booking is what the caller has seen, and holds."""
    if booking.version != int(if_match.strip('"')):
        raise CHANGED
    if booking.status != "booked":
        raise Refusal(409, "cancelled", "The booking is cancelled.")


@router.post(
    "/bookings/{booking_id}/invitations",
    status_code=201,
    operation_id="invite",
    responses=refusals(401, 403, 404, 409, 413, 415, 422),
    dependencies=[Depends(json_body)],
)
def invite(booking_id: models.PathId, body: models.InvitationInput, caller: Signed) -> models.Invitation:
    """Invite another user; the booking's organiser only, each user once, fifty at most (409)."""
    invitation = Invitation(booking_id=booking_id, invitee_id=body.invitee_id)
    with unit() as session:
        booking = own(session, booking_id, caller)
        if booking.status != "booked" or body.invitee_id == caller.id:
            raise Refusal(409, "not_to_invite", "The booking is cancelled, or the user is its organiser.")
        if session.get(User, body.invitee_id) is None:
            raise not_found("user")
        invited = session.scalar(select(func.count()).where(Invitation.booking_id == booking_id))
        if (invited or 0) >= MAX_INVITED:
            raise Refusal(409, "too_many", "Fifty users are invited already.")
        session.add(invitation)
        session.flush()
        session.refresh(invitation)
    return models.Invitation.model_validate(invitation)


@router.patch(
    "/invitations/{invitation_id}",
    operation_id="answerInvitation",
    responses=refusals(401, 404, 409, 413, 415, 422),
    dependencies=[Depends(json_body)],
)
def answer_invitation(invitation_id: models.PathId, body: models.InvitationAnswer, caller: Signed) -> models.Invitation:
    """Accept or decline an invitation of one's own, once (409)."""
    mine = (Invitation.id == invitation_id, Invitation.invitee_id == caller.id)
    with unit() as session:
        answered = session.scalar(
            update(Invitation)
            .where(*mine, Invitation.status == "pending")
            .values(status=body.status.value)
            .returning(Invitation)
        )
        if answered is None:
            if session.scalar(select(Invitation.id).where(*mine)) is None:
                raise not_found("invitation")
            raise Refusal(409, "answered", "The invitation is answered already.")
        return models.Invitation.model_validate(answered)
