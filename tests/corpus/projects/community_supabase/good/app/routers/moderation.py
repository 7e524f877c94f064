from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from fastapi import APIRouter, HTTPException

from app.auth import CurrentUser
from app.db import Connection
from app.pagination import OLDEST, PageParams
from app.routers.common import require_space
from app.schemas import ModerationAction, Report, ReportCreate, ReportPage, ReportResolution

router = APIRouter(tags=["Moderation"])

SELECT_REPORT = """
    select r.id, r.space_id, r.target_type,
           coalesce(r.post_id, r.comment_id, r.message_id, r.profile_id) as target_id,
           r.reason, r.details, r.status, r.created_at, r.resolved_at
    from public.reports r
"""


@router.post("/reports", operation_id="create_report", status_code=201, response_model=Report)
async def create_report(body: ReportCreate, db: Connection, user_id: CurrentUser) -> Any:
    report_id = await db.fetchval(
        """
        insert into public.reports (
          reporter_id, target_type, post_id, comment_id, message_id, profile_id, reason, details
        )
        values (
          $1, $2::public.report_target,
          case $2::public.report_target when 'post' then $3::uuid end,
          case $2::public.report_target when 'comment' then $3::uuid end,
          case $2::public.report_target when 'message' then $3::uuid end,
          case $2::public.report_target when 'profile' then $3::uuid end,
          $4, $5
        )
        returning id
        """,
        user_id,
        body.target_type,
        body.target_id,
        body.reason,
        body.details,
    )
    return dict(await db.fetchrow(f"{SELECT_REPORT} where r.id = $1", report_id))


@router.get("/spaces/{space_id}/reports", operation_id="list_open_reports", response_model=ReportPage)
async def list_open_reports(
    space_id: UUID, db: Connection, user_id: CurrentUser, page: PageParams
) -> Any:
    await require_space(db, space_id)
    allowed = await db.fetchval(
        """
        select private.is_staff() or exists (
          select 1 from public.space_members
          where space_id = $1 and user_id = $2 and role >= 'moderator'
        )
        """,
        space_id,
        user_id,
    )
    if not allowed:
        raise HTTPException(403, "Only moderators see the reports of a space.")
    rows = await db.fetch(
        f"""
        {SELECT_REPORT}
        where r.space_id = $1 and r.status = 'open' and (r.created_at, r.id) > ($2, $3)
        order by r.created_at, r.id
        limit $4
        """,
        space_id,
        *page.after(OLDEST),
        page.fetch,
    )
    return page.build(rows, dict)


@router.post(
    "/reports/{report_id}/resolution",
    operation_id="resolve_report",
    status_code=201,
    response_model=ModerationAction,
)
async def resolve_report(report_id: UUID, body: ReportResolution, db: Connection) -> Any:
    if body.ban_expires_at is not None and body.ban_expires_at <= datetime.now(UTC):
        raise HTTPException(422, "A ban must end in the future.")
    action_id = await db.fetchval(
        "select public.resolve_report($1, $2, $3, $4)",
        report_id,
        body.action,
        body.note,
        body.ban_expires_at,
    )
    row = await db.fetchrow(
        """
        select id, report_id, space_id, target_profile_id, action, note, created_at
        from public.moderation_actions
        where id = $1
        """,
        action_id,
    )
    return dict(row)
