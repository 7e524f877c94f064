from typing import Any
from uuid import UUID

import asyncpg
from fastapi import APIRouter

from app.auth import CurrentUser
from app.db import Connection
from app.pagination import OLDEST, PageParams
from app.routers.common import profile_ref, require_post
from app.schemas import Comment, CommentCreate, CommentPage

router = APIRouter(tags=["Posts"])

SELECT_COMMENT = """
    select c.id, c.post_id, c.parent_id, c.author_id, a.username as author_username,
           a.display_name as author_display_name, c.body, c.created_at, c.edited_at, c.deleted_at
    from public.comments c
    left join public.profiles a on a.id = c.author_id
"""


def to_comment(row: asyncpg.Record) -> dict[str, Any]:
    if row["deleted_at"] is not None:
        return {**row, "author": None, "body": None}
    return {**row, "author": profile_ref(row, "author")}


@router.get("/posts/{post_id}/comments", operation_id="list_comments", response_model=CommentPage)
async def list_comments(post_id: UUID, db: Connection, page: PageParams) -> Any:
    await require_post(db, post_id)
    rows = await db.fetch(
        f"""
        {SELECT_COMMENT}
        where c.post_id = $1 and (c.created_at, c.id) > ($2, $3)
        order by c.created_at, c.id
        limit $4
        """,
        post_id,
        *page.after(OLDEST),
        page.fetch,
    )
    return page.build(rows, to_comment)


@router.post(
    "/posts/{post_id}/comments", operation_id="create_comment", status_code=201, response_model=Comment
)
async def create_comment(
    post_id: UUID, body: CommentCreate, db: Connection, user_id: CurrentUser
) -> Any:
    await require_post(db, post_id)
    comment_id = await db.fetchval(
        """
        insert into public.comments (post_id, parent_id, author_id, body)
        values ($1, $2, $3, $4)
        returning id
        """,
        post_id,
        body.parent_id,
        user_id,
        body.body,
    )
    return to_comment(await db.fetchrow(f"{SELECT_COMMENT} where c.id = $1", comment_id))
