"""Requests and answers."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Generic, TypeVar

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, Field

MAX_ID = 2**53 - 1
INT64 = {"format": "int64"}
INT32 = {"format": "int32"}
LINE = r"^[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$"
PROSE = r"^[^\x00-\x08\x0b-\x1f\x7f]+$"

Id = Annotated[int, Field(ge=1, le=MAX_ID, json_schema_extra=INT64, description="An id.")]
PathId = Annotated[int, Path(ge=1, le=MAX_ID, json_schema_extra=INT64, description="The id.")]
Before = Annotated[
    int, Query(ge=1, le=MAX_ID, json_schema_extra=INT64, description="Only what is older: next_before of a page.")
]
Limit = Annotated[int, Query(ge=1, le=100, json_schema_extra=INT32, description="How many at most.")]
Handle = Annotated[str, Field(min_length=3, max_length=30, pattern="^[a-z0-9_]+$", description="A user's name.")]
Password = Annotated[str, Field(min_length=12, max_length=128, pattern=r"^[^\x00]+$", description="A password.")]
RoomName = Annotated[str, Field(min_length=1, max_length=60, pattern=LINE, description="A room's name.")]
Greeting = Annotated[
    str, Field(min_length=1, max_length=300, pattern=PROSE, description="A text with $handle and $room as places.")
]
Body = Annotated[str, Field(min_length=1, max_length=2000, pattern=PROSE, description="What is said.")]
# What is stored is answered as it is: only its length is promised.
KnownHandle = Annotated[str, Field(max_length=30, description="A user's name.")]
KnownName = Annotated[str, Field(max_length=60, description="A room's name.")]
KnownGreeting = Annotated[str, Field(max_length=300, description="A text with $handle and $room as places.")]
KnownBody = Annotated[str, Field(max_length=2000, description="What is said.")]


class RoomStatus(StrEnum):
    """Whether a room takes messages."""

    OPEN = "open"
    ARCHIVED = "archived"


class MemberRole(StrEnum):
    """What a member may do."""

    OWNER = "owner"
    MEMBER = "member"


class Emoji(StrEnum):
    """A reaction."""

    LIKE = "like"
    HEART = "heart"
    LAUGH = "laugh"
    SAD = "sad"


T = TypeVar("T")


class Envelope(BaseModel, Generic[T]):
    """Every answer."""

    result: T


def wrap(result: T) -> Envelope[T]:
    """The envelope of an answer."""
    return Envelope(result=result)


class Input(BaseModel):
    """A body, without anything that it does not name."""

    model_config = ConfigDict(extra="forbid")


class Health(BaseModel):
    """The service's state."""

    status: Annotated[str, Field(max_length=10, description="Always up.")]


class Registration(Input):
    """A new account."""

    handle: Handle
    password: Password


class Login(Input):
    """What opens an account."""

    handle: Handle
    password: Annotated[str, Field(min_length=1, max_length=128, pattern=r"^[^\x00]+$", description="The password.")]


class User(BaseModel):
    """A user."""

    id: Id
    handle: KnownHandle


class Token(BaseModel):
    """A token."""

    token: Annotated[str, Field(max_length=1000, description="To send as a bearer token.")]
    expires_in: Annotated[int, Field(ge=1, le=86_400, json_schema_extra=INT32, description="Seconds that it holds.")]


class RoomNew(Input):
    """A room to make."""

    name: RoomName
    greeting: Greeting = "Welcome, $handle, to $room."


class RoomChange(Input):
    """A room as it shall be."""

    greeting: Greeting
    status: RoomStatus


class Room(BaseModel):
    """A room, as the caller sees it."""

    id: Id
    name: KnownName
    greeting: KnownGreeting
    status: RoomStatus
    role: MemberRole | None
    welcome: Annotated[str, Field(max_length=20_000, description="The greeting, with its places filled.")]


class RoomPage(BaseModel):
    """Rooms, the newest first."""

    items: Annotated[list[Room], Field(max_length=100, description="The rooms.")]
    next_before: Annotated[Id | None, Field(description="The cursor of the next page, null at the end.")]


class MemberPut(Input):
    """The role of a member."""

    role: MemberRole


class Member(BaseModel):
    """A member of a room."""

    user_id: Id
    handle: KnownHandle
    role: MemberRole


class MessageInput(Input):
    """A message."""

    body: Body


class ReactionCount(BaseModel):
    """How many have reacted in one way."""

    emoji: Emoji
    count: Annotated[int, Field(ge=1, le=1000, json_schema_extra=INT32, description="How many users.")]


class Message(BaseModel):
    """A message with its reactions."""

    id: Id
    room_id: Id
    author_id: Id
    body: KnownBody
    created_at: datetime
    edited_at: datetime | None
    reactions: Annotated[list[ReactionCount], Field(max_length=4, description="By emoji.")]


class MessagePage(BaseModel):
    """Messages, the newest first."""

    items: Annotated[list[Message], Field(max_length=100, description="The messages.")]
    next_before: Annotated[Id | None, Field(description="The cursor of the next page, null at the end.")]


class WebhookNew(Input):
    """Where to send a room's messages."""

    url: Annotated[
        str,
        Field(
            min_length=9,
            max_length=500,
            pattern=r"^https://[a-z0-9.-]+(/[!-~]*)?$",
            description="A public https address, called by the service; private and loopback addresses are refused.",
        ),
    ]


class Webhook(BaseModel):
    """A webhook."""

    id: Id
    url: Annotated[str, Field(max_length=500, description="The address.")]


class WebhookMade(Webhook):
    """A webhook that was made."""

    signing_key: Annotated[str, Field(max_length=64, description="The key of X-Signature (HMAC-SHA256), in hex.")]
