"""Rooms, and how much they are used."""

from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from sqlalchemy import func, select, update

from app import models
from app.db import unit
from app.errors import Refusal, not_found, refusals, success
from app.identity import Admin, Signed
from app.tables import Booking, Room
from app.web import json_body

router = APIRouter(prefix="/rooms", tags=["rooms"])
LONGEST_REPORT = timedelta(days=366)
CHANGED = Refusal(412, "changed", "The room has changed in the meantime.")


class RoomSort(StrEnum):
    """The order of rooms."""

    NAME = "name"
    SEATS = "seats"


ORDERS = {RoomSort.NAME: (Room.name,), RoomSort.SEATS: (Room.seats, Room.id)}


@router.get("", operation_id="listRooms", responses=refusals(401, 422))
def list_rooms(
    _caller: Signed,
    min_seats: Annotated[
        int, Query(ge=1, le=1000, json_schema_extra=models.INT32, description="Only rooms as large as this.")
    ] = 1,
    sort: Annotated[RoomSort, Query(description="The order.")] = RoomSort.NAME,
    page: models.PageNumber = 1,
    page_size: models.PageSize = 20,
) -> models.RoomList:
    """The rooms, in the wanted order."""
    wanted = (
        select(Room)
        .where(Room.seats >= min_seats)
        .order_by(*ORDERS[sort])
        .limit(page_size + 1)
        .offset((page - 1) * page_size)
    )
    with unit() as session:
        rooms = session.scalars(wanted).all()
    data = [models.Room.model_validate(room) for room in rooms[:page_size]]
    return models.RoomList(data=data, page=page, more=len(rooms) > page_size)


@router.post(
    "",
    status_code=201,
    operation_id="createRoom",
    responses={**success(201, "Made.", Location="Where it is."), **refusals(401, 403, 409, 413, 415, 422)},
    dependencies=[Depends(json_body)],
)
def create_room(body: models.RoomInput, _caller: Admin, response: Response) -> models.Room:
    """Make a room; administrators only. Its name must be new (409)."""
    room = Room(name=body.name, seats=body.seats)
    with unit() as session:
        session.add(room)
        session.flush()
        session.refresh(room)
    response.headers["Location"] = f"/rooms/{room.id}"
    return models.Room.model_validate(room)


@router.get(
    "/{room_id}",
    operation_id="readRoom",
    responses={**success(200, "The room.", ETag="Its version."), **refusals(401, 404, 422)},
)
def read_room(room_id: models.PathId, _caller: Signed, response: Response) -> models.Room:
    """One room."""
    with unit() as session:
        room = session.get(Room, room_id)
    if room is None:
        raise not_found("room")
    response.headers["ETag"] = f'"{room.version}"'
    return models.Room.model_validate(room)


@router.put(
    "/{room_id}",
    operation_id="replaceRoom",
    responses={
        **success(200, "The room as it is now.", ETag="Its version."),
        **refusals(401, 403, 404, 409, 412, 413, 415, 422),
    },
    dependencies=[Depends(json_body)],
)
def replace_room(
    room_id: models.PathId, body: models.RoomChange, if_match: models.IfMatch, _caller: Admin, response: Response
) -> models.Room:
    """Rename, resize, close or open a room; administrators only. Bookings that were made stay."""
    with unit() as session:
        room = session.scalar(
            update(Room)
            .where(Room.id == room_id, Room.version == int(if_match.strip('"')))
            .values(name=body.name, seats=body.seats, status=body.status.value, version=Room.version + 1)
            .returning(Room)
        )
        if room is None:
            raise CHANGED if session.get(Room, room_id) else not_found("room")
        response.headers["ETag"] = f'"{room.version}"'
        return models.Room.model_validate(room)


@router.get("/{room_id}/use", operation_id="reportRoomUse", responses=refusals(401, 403, 404, 422))
def report_room_use(
    room_id: models.PathId,
    from_date: Annotated[models.Day, Query(description="The first day, UTC.")],
    to_date: Annotated[models.Day, Query(description="The last day, UTC; at most a year later.")],
    _caller: Admin,
) -> models.RoomUse:
    """How much a room was booked between two days; administrators only."""
    if not timedelta(0) <= to_date - from_date <= LONGEST_REPORT:
        raise Refusal(422, "bad_range", "The range must have between one day and a year.")
    start = datetime.combine(from_date, time.min, UTC)
    end = datetime.combine(to_date, time.min, UTC) + timedelta(days=1)
    inside = func.least(Booking.ends_at, end) - func.greatest(Booking.starts_at, start)
    with unit() as session:
        if session.get(Room, room_id) is None:
            raise not_found("room")
        count, length = session.execute(
            select(func.count(), func.coalesce(func.sum(func.extract("epoch", inside)), 0)).where(
                Booking.room_id == room_id,
                Booking.status == "booked",
                Booking.starts_at < end,
                Booking.ends_at > start,
            )
        ).one()
    return models.RoomUse(
        room_id=room_id, from_date=from_date, to_date=to_date, bookings=count, minutes=int(length) // 60
    )
