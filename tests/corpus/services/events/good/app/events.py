"""Events and their kinds of tickets."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response, Security
from pydantic import Field, StringConstraints, field_validator
from pydantic.json_schema import SkipJsonSchema
from sqlalchemy import func, select, tuple_
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.platform.database import Db, Event, TicketType
from app.platform.fields import (
    PRINTABLE,
    Cursor,
    CursorText,
    Id,
    Input,
    Limit,
    Line,
    Moment,
    Output,
    from_cursor,
    to_cursor,
)
from app.platform.problems import Conflict, Missing, Unprocessable, raises
from app.platform.tokens import Principal, principal

router = APIRouter(tags=["events"])
MOST_TYPES = 20
Organiser = Annotated[Principal, Security(principal, scopes=["events:write"])]
EventId = Annotated[Id, Path()]
TypeName = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=PRINTABLE)]
Price = Annotated[int, Field(strict=True, ge=0, le=1_000_000, description="Euro cents.")]
Capacity = Annotated[int, Field(strict=True, ge=1, le=100_000)]
LOCATION = {"Location": {"description": "Where it is.", "schema": {"type": "string"}}}
# A field of a change that may be left out; null would say nothing more.
LeftOut = Field(json_schema_extra=lambda schema: schema.pop("default", None))


class EventStatus(StrEnum):
    """Who sees an event."""

    DRAFT = "draft"
    PUBLISHED = "published"


class EventInput(Input):
    """A new event; it starts in the future."""

    title: Line
    venue: Line
    starts_at: Moment


class EventChange(Input):
    """What changes."""

    title: Annotated[Line | SkipJsonSchema[None], LeftOut] = None
    venue: Annotated[Line | SkipJsonSchema[None], LeftOut] = None
    starts_at: Annotated[Moment | SkipJsonSchema[None], LeftOut] = None

    @field_validator("title", "venue", "starts_at", mode="before")
    @classmethod
    def _given(cls, value: object) -> object:
        if value is None:
            raise ValueError("leave the field out instead of sending null")
        return value


class TicketTypeInput(Input):
    """A new kind of ticket."""

    name: TypeName
    price_cents: Price
    capacity: Capacity


class EventOut(Output):
    """An event."""

    id: Id
    organiser_id: Id
    title: Line
    venue: Line
    starts_at: datetime
    status: EventStatus
    created_at: datetime


class TicketTypeOut(Output):
    """A kind of ticket, and how many are left."""

    id: Id
    event_id: Id
    name: TypeName
    price_cents: Price
    capacity: Capacity
    available: int = Field(ge=0, le=100_000)


class EventPage(Output):
    """Some events."""

    events: list[EventOut] = Field(max_length=50)
    next_cursor: CursorText | None


class TicketTypeList(Output):
    """All kinds of tickets of an event."""

    ticket_types: list[TicketTypeOut] = Field(max_length=MOST_TYPES)


def _future(moment: datetime) -> datetime:
    if moment <= datetime.now(UTC):
        raise Unprocessable("An event starts in the future", cause="starts-in-the-past")
    return moment


async def _own(db: AsyncSession, me: Principal, event_id: str) -> Event:
    """The organiser's event, locked. Raises 404."""
    event = await db.scalar(select(Event).where(Event.id == event_id, Event.organiser_id == me.id).with_for_update())
    if event is None:
        raise Missing("There is no such event")
    return event


async def _published(db: AsyncSession, event_id: str) -> Event:
    event = await db.scalar(select(Event).where(Event.id == event_id, Event.status == "published"))
    if event is None:
        raise Missing("There is no such event")
    return event


@router.get("/events", operation_id="listEvents", response_model=EventPage, responses=raises(422))
async def list_events(
    db: Db,
    starts_after: Annotated[Moment | None, Query()] = None,
    venue: Annotated[Line | None, Query(description="Exactly this venue.")] = None,
    limit: Limit = 20,
    cursor: Cursor = None,
) -> object:
    """List published events, ordered by start and then by id."""
    query = select(Event).where(Event.status == "published")
    if starts_after is not None:
        query = query.where(Event.starts_at > starts_after)
    if venue is not None:
        query = query.where(Event.venue == venue)
    if cursor is not None:
        at, last = from_cursor(cursor, 2)
        query = query.where(tuple_(Event.starts_at, Event.id) > (_moment(at), last))
    rows = list(await db.scalars(query.order_by(Event.starts_at, Event.id).limit(limit + 1)))
    more = len(rows) > limit
    last_row = rows[limit - 1] if more else None
    following = to_cursor(str(int(last_row.starts_at.timestamp() * 1_000_000)), last_row.id) if last_row else None
    return {"events": rows[:limit], "next_cursor": following}


def _moment(micros: str) -> datetime:
    """The time of a cursor. Raises 422."""
    if not micros.isdecimal() or len(micros) > 16:
        raise Unprocessable("The cursor is not valid")
    seconds, rest = divmod(int(micros), 1_000_000)
    if seconds > 4_200_000_000:
        raise Unprocessable("The cursor is not valid")
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest)


@router.post(
    "/events",
    operation_id="createEvent",
    status_code=201,
    response_model=EventOut,
    responses={201: {"headers": LOCATION}, **raises(401, 403, 413, 415, 422)},
)
async def create_event(db: Db, me: Organiser, given: EventInput, response: Response) -> object:
    """Make a draft (organisers only)."""
    event = Event(organiser_id=me.id, title=given.title, venue=given.venue, starts_at=_future(given.starts_at))
    db.add(event)
    await db.flush()
    await db.refresh(event)
    await db.commit()
    response.headers["Location"] = f"/events/{event.id}"
    return event


@router.get(
    "/organiser/events/{event_id}",
    operation_id="getOwnEvent",
    response_model=EventOut,
    responses=raises(401, 403, 404, 422),
)
async def own_event(db: Db, me: Organiser, event_id: EventId) -> object:
    """One's own event, draft or not."""
    event = await db.scalar(select(Event).where(Event.id == event_id, Event.organiser_id == me.id))
    if event is None:
        raise Missing("There is no such event")
    return event


@router.get("/events/{event_id}", operation_id="getEvent", response_model=EventOut, responses=raises(404, 422))
async def get_event(db: Db, event_id: EventId) -> object:
    """A published event."""
    return await _published(db, event_id)


@router.patch(
    "/events/{event_id}",
    operation_id="changeEvent",
    response_model=EventOut,
    responses=raises(401, 403, 404, 409, 413, 415, 422),
)
async def change_event(db: Db, me: Organiser, event_id: EventId, given: EventChange) -> object:
    """Change one's own draft; what people bought a ticket for stays as it was."""
    event = await _own(db, me, event_id)
    if event.status != EventStatus.DRAFT:
        raise Conflict("A published event cannot be changed", cause="event-published")
    if given.title is not None:
        event.title = given.title
    if given.venue is not None:
        event.venue = given.venue
    if given.starts_at is not None:
        event.starts_at = _future(given.starts_at)
    await db.commit()
    return event


@router.post(
    "/events/{event_id}/publication",
    operation_id="publishEvent",
    response_model=EventOut,
    responses=raises(401, 403, 404, 409, 413, 415, 422),
)
async def publish_event(db: Db, me: Organiser, event_id: EventId) -> object:
    """Publish one's own draft; it must have tickets. Takes no body."""
    event = await _own(db, me, event_id)
    if event.status != EventStatus.DRAFT:
        raise Conflict("The event is published already", cause="event-published")
    if not await db.scalar(select(func.count()).where(TicketType.event_id == event_id)):
        raise Conflict("The event has no tickets yet", cause="no-tickets")
    event.status = EventStatus.PUBLISHED.value
    await db.commit()
    return event


@router.post(
    "/events/{event_id}/ticket-types",
    operation_id="createTicketType",
    status_code=201,
    response_model=TicketTypeOut,
    responses=raises(401, 403, 404, 409, 413, 415, 422),
)
async def create_ticket_type(db: Db, me: Organiser, event_id: EventId, given: TicketTypeInput) -> object:
    """Add a kind of ticket to one's own event; up to twenty, each of another name."""
    await _own(db, me, event_id)
    if (await db.scalar(select(func.count()).where(TicketType.event_id == event_id)) or 0) >= MOST_TYPES:
        raise Conflict("The event has as many kinds of tickets as it can", cause="too-many-ticket-types")
    made = TicketType(
        event_id=event_id,
        name=given.name,
        price_cents=given.price_cents,
        capacity=given.capacity,
        available=given.capacity,
    )
    db.add(made)
    try:
        await db.commit()
    except IntegrityError as error:
        raise Conflict("There is a kind of ticket of this name", cause="name-taken") from error
    return made


@router.get(
    "/events/{event_id}/ticket-types",
    operation_id="listTicketTypes",
    response_model=TicketTypeList,
    responses=raises(404, 422),
)
async def list_ticket_types(db: Db, event_id: EventId) -> object:
    """The kinds of tickets of a published event (at most twenty), ordered by price and then by id."""
    await _published(db, event_id)
    query = select(TicketType).where(TicketType.event_id == event_id)
    rows = await db.scalars(query.order_by(TicketType.price_cents, TicketType.id).limit(MOST_TYPES))
    return {"ticket_types": list(rows)}
