from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

import asyncpg
from fastapi import APIRouter, HTTPException, Query
from pydantic import AwareDatetime

from app.auth import CurrentUser
from app.db import Connection
from app.pagination import OLDEST, PageParams
from app.routers.common import profile_ref, require_space
from app.schemas import AttendanceAnswer, Event, EventCreate, EventPage

router = APIRouter(tags=["Events"])

SELECT_EVENT = """
    select e.id, e.space_id, e.organizer_id, o.username as organizer_username,
           o.display_name as organizer_display_name, e.title, e.description, e.starts_at, e.ends_at,
           e.time_zone, e.location, e.online_url, e.capacity, e.going_count, t.status as my_status,
           e.cancelled_at, e.created_at, e.updated_at
    from public.events e
    left join public.profiles o on o.id = e.organizer_id
    left join public.event_attendances t on t.event_id = e.id and t.user_id = $1
"""


def to_event(row: asyncpg.Record) -> dict[str, Any]:
    return {**row, "organizer": profile_ref(row, "organizer")}


async def load_event(db: asyncpg.Connection, user_id: UUID, event_id: UUID) -> dict[str, Any]:
    row = await db.fetchrow(f"{SELECT_EVENT} where e.id = $2", user_id, event_id)
    if row is None:
        raise HTTPException(404, "No such event.")
    return to_event(row)


@router.get("/spaces/{space_id}/events", operation_id="list_events", response_model=EventPage)
async def list_events(
    space_id: UUID,
    db: Connection,
    user_id: CurrentUser,
    page: PageParams,
    starts_after: Annotated[AwareDatetime | None, Query()] = None,
) -> Any:
    await require_space(db, space_id)
    rows = await db.fetch(
        f"""
        {SELECT_EVENT}
        where e.space_id = $2 and e.starts_at >= $3 and (e.starts_at, e.id) > ($4, $5)
        order by e.starts_at, e.id
        limit $6
        """,
        user_id,
        space_id,
        starts_after or datetime.now(UTC),
        *page.after(OLDEST),
        page.fetch,
    )
    return page.build(rows, to_event, moment="starts_at")


@router.post(
    "/spaces/{space_id}/events", operation_id="create_event", status_code=201, response_model=Event
)
async def create_event(
    space_id: UUID, body: EventCreate, db: Connection, user_id: CurrentUser
) -> Any:
    await require_space(db, space_id)
    event_id = await db.fetchval(
        """
        insert into public.events (
          space_id, organizer_id, title, description, starts_at, ends_at, time_zone, location,
          online_url, capacity
        )
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        returning id
        """,
        space_id,
        user_id,
        body.title,
        body.description,
        body.starts_at,
        body.ends_at,
        body.time_zone,
        body.location,
        body.online_url,
        body.capacity,
    )
    return await load_event(db, user_id, event_id)


@router.put("/events/{event_id}/attendance", operation_id="set_attendance", response_model=Event)
async def set_attendance(
    event_id: UUID, body: AttendanceAnswer, db: Connection, user_id: CurrentUser
) -> Any:
    await load_event(db, user_id, event_id)
    await db.execute(
        """
        insert into public.event_attendances (event_id, user_id, status)
        values ($1, $2, $3)
        on conflict (event_id, user_id) do update set status = excluded.status
        """,
        event_id,
        user_id,
        body.status,
    )
    return await load_event(db, user_id, event_id)
