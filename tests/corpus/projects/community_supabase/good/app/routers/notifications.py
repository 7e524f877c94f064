from typing import Annotated, Any

import asyncpg
from fastapi import APIRouter, Query

from app.auth import CurrentUser
from app.db import Connection
from app.pagination import NEWEST, PageParams
from app.routers.common import profile_ref
from app.schemas import NotificationMark, NotificationPage

router = APIRouter(tags=["Notifications"])

SELECT_NOTIFICATION = """
    select n.id, n.kind, n.actor_id, a.username as actor_username,
           a.display_name as actor_display_name, n.space_id, n.post_id, n.comment_id, n.event_id,
           n.created_at, n.read_at
    from public.notifications n
    left join public.profiles a on a.id = n.actor_id
    where n.recipient_id = $1 and (n.created_at, n.id) < ($2, $3)
"""
NEWEST_FIRST = "order by n.created_at desc, n.id desc limit $4"


def to_notification(row: asyncpg.Record) -> dict[str, Any]:
    return {**row, "actor": profile_ref(row, "actor")}


@router.get("/notifications", operation_id="list_notifications", response_model=NotificationPage)
async def list_notifications(
    db: Connection,
    user_id: CurrentUser,
    page: PageParams,
    unread: Annotated[bool, Query()] = False,
) -> Any:
    # Two statements and not an OR, so that the unread listing uses its partial index.
    if unread:
        query = f"{SELECT_NOTIFICATION} and n.read_at is null {NEWEST_FIRST}"
    else:
        query = f"{SELECT_NOTIFICATION} {NEWEST_FIRST}"
    rows = await db.fetch(query, user_id, *page.after(NEWEST), page.fetch)
    return page.build(rows, to_notification)


@router.post(
    "/notifications/mark-read", operation_id="mark_notifications_read", status_code=204
)
async def mark_notifications_read(
    body: NotificationMark, db: Connection, user_id: CurrentUser
) -> None:
    await db.execute(
        """
        update public.notifications set read_at = now()
        where id = any($1::uuid[]) and recipient_id = $2 and read_at is null
        """,
        body.ids,
        user_id,
    )
