"""The shapes of requests and answers."""

import re
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from fastapi import Header, Path, Query
from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, EmailStr, Field

INT32 = {"format": "int32"}
UUID_TEXT = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
TIME_TEXT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)", re.ASCII)
DATE_TEXT = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _form(pattern: re.Pattern[str], what: str) -> BeforeValidator:
    """Only the one form that the contract names; pydantic alone takes numbers and other notations too."""

    def check(value: Any) -> Any:
        if isinstance(value, str) and not pattern.fullmatch(value):
            raise ValueError(f"is no {what}")
        if isinstance(value, int | float):
            raise ValueError(f"is no {what}")
        return value

    return BeforeValidator(check)


def _this_century(value: date) -> date:
    if not 2000 <= value.year < 2100:
        raise ValueError("is too far away")
    return value


def _utc(value: datetime) -> datetime:
    _this_century(value)
    return value.astimezone(UTC)


Id = Annotated[UUID, _form(UUID_TEXT, "UUID")]
Moment = Annotated[AwareDatetime, _form(TIME_TEXT, "date and time"), AfterValidator(_utc)]
Day = Annotated[date, _form(DATE_TEXT, "date"), AfterValidator(_this_century)]
PathId = Annotated[Id, Path(description="The id.")]
PageNumber = Annotated[int, Query(ge=1, le=1000, json_schema_extra=INT32, description="The page, from 1.")]
PageSize = Annotated[int, Query(ge=1, le=50, json_schema_extra=INT32, description="Items on a page.")]
IfMatch = Annotated[
    str, Header(pattern='^"[1-9][0-9]{0,8}"$', max_length=11, description="The ETag of what is changed.")
]
LINE = r"^[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$"
Version = Annotated[int, Field(ge=1, le=2**31 - 1, json_schema_extra=INT32, description="Its changes, counted.")]
Email = Annotated[EmailStr, Field(max_length=254, description="An address, in lower case.")]
Password = Annotated[str, Field(min_length=12, max_length=128, pattern=r"^[^\x00]*$", description="A password.")]
DisplayName = Annotated[str, Field(min_length=1, max_length=80, pattern=LINE, description="The user's name.")]
Label = Annotated[str, Field(min_length=1, max_length=60, pattern=LINE, description="What the key is for.")]
RoomName = Annotated[str, Field(min_length=1, max_length=80, pattern=LINE, description="The room's name.")]
Title = Annotated[str, Field(min_length=1, max_length=120, pattern=LINE, description="What it is about.")]
# What is stored is answered as it is: only its length is promised.
StoredDisplayName = Annotated[str, Field(max_length=80, description="The user's name.")]
StoredLabel = Annotated[str, Field(max_length=60, description="What the key is for.")]
StoredRoomName = Annotated[str, Field(max_length=80, description="The room's name.")]
StoredTitle = Annotated[str, Field(max_length=120, description="What it is about.")]
Seats = Annotated[int, Field(strict=True, ge=1, le=1000, json_schema_extra=INT32, description="How many can sit.")]
Hours = Annotated[int, Field(strict=True, ge=1, le=12, json_schema_extra=INT32, description="How many hours.")]


class Role(StrEnum):
    """What a user may do."""

    MEMBER = "member"
    ADMIN = "admin"


class RoomStatus(StrEnum):
    """Whether a room can be booked."""

    OPEN = "open"
    CLOSED = "closed"


class BookingStatus(StrEnum):
    """Whether a booking holds."""

    BOOKED = "booked"
    CANCELLED = "cancelled"


class InvitationStatus(StrEnum):
    """What the invited user said."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class Answer(StrEnum):
    """What an invited user can say."""

    ACCEPTED = "accepted"
    DECLINED = "declined"


class Input(BaseModel):
    """A body; what it does not name is refused."""

    model_config = ConfigDict(extra="forbid")


class Output(BaseModel):
    """An answer, made from a row."""

    model_config = ConfigDict(from_attributes=True)


class Health(Output):
    """That the service works."""

    healthy: Annotated[bool, Field(description="Always true.")]


class Registration(Input):
    """A new user."""

    email: Email
    password: Password
    display_name: DisplayName


class User(Output):
    """A user, as they see themselves and as administrators see them."""

    id: UUID
    email: Annotated[str, Field(max_length=254, description="The address.")]
    display_name: StoredDisplayName
    role: Role
    credit_hours: Annotated[int, Field(ge=0, le=10_000, json_schema_extra=INT32, description="Hours left to book.")]
    created_at: datetime


class CreditGrant(Input):
    """Hours to give."""

    hours: Annotated[int, Field(strict=True, ge=1, le=1000, json_schema_extra=INT32, description="How many hours.")]


class KeyRequest(Input):
    """What a key is made with."""

    email: Email
    password: Annotated[str, Field(min_length=1, max_length=128, pattern=r"^[^\x00]*$", description="The password.")]
    label: Label


class Key(Output):
    """A key, without what opens the door."""

    id: UUID
    label: StoredLabel
    created_at: datetime


class NewKey(Key):
    """A key that was made; what to send is told this once."""

    api_key: Annotated[str, Field(max_length=46, description="What to send as X-API-Key.")]


class KeyList(Output):
    """A user's keys."""

    data: Annotated[list[Key], Field(max_length=20, description="The oldest first.")]


class RoomInput(Input):
    """A room to make."""

    name: RoomName
    seats: Seats


class RoomChange(Input):
    """A room as it shall be."""

    name: RoomName
    seats: Seats
    status: RoomStatus


class Room(Output):
    """A room."""

    id: UUID
    name: StoredRoomName
    seats: Seats
    status: RoomStatus
    version: Version
    created_at: datetime


class Paged(Output):
    """A page of a list."""

    page: Annotated[int, Field(ge=1, le=1000, json_schema_extra=INT32, description="The page.")]
    more: Annotated[bool, Field(description="Whether there is a next page.")]


class RoomList(Paged):
    """Rooms."""

    data: Annotated[list[Room], Field(max_length=50, description="In the wanted order.")]


class RoomUse(Output):
    """How much a room was booked."""

    room_id: UUID
    from_date: date
    to_date: date
    bookings: Annotated[int, Field(ge=0, le=10**9, json_schema_extra=INT32, description="How many bookings hold.")]
    minutes: Annotated[int, Field(ge=0, le=10**9, json_schema_extra=INT32, description="How long they take inside.")]


class BookingInput(Input):
    """A booking to make."""

    room_id: Id
    title: Title
    starts_at: Moment
    hours: Hours


class BookingChange(Input):
    """What can be changed of a booking."""

    title: Title


class Booking(Output):
    """A booking."""

    id: UUID
    room_id: UUID
    organiser_id: UUID
    title: StoredTitle
    starts_at: datetime
    ends_at: datetime
    hours: Hours
    status: BookingStatus
    version: Version


class BookingList(Paged):
    """Bookings."""

    data: Annotated[list[Booking], Field(max_length=50, description="The earliest first.")]


class InvitationInput(Input):
    """Whom to invite."""

    invitee_id: Id


class InvitationAnswer(Input):
    """What the invited user says."""

    status: Answer


class Invitation(Output):
    """An invitation to a booking."""

    id: UUID
    booking_id: UUID
    invitee_id: UUID
    status: InvitationStatus
    created_at: datetime
