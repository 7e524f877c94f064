import json
from typing import Annotated, Any
from uuid import UUID

import asyncpg
from fastapi import APIRouter, HTTPException, Query, Response

from app.auth import CurrentUser
from app.db import Connection
from app.pagination import NEWEST, PageParams
from app.routers.common import profile_ref, require_post, require_space
from app.schemas import Post, PostCreate, PostPage, PostUpdate

router = APIRouter(tags=["Posts"])

SELECT_POST = """
    select p.id, p.space_id, p.author_id, a.username as author_username,
           a.display_name as author_display_name, p.title, p.body, p.comment_count,
           p.reaction_count, p.pinned_at, p.locked_at, p.created_at, p.edited_at,
           array(
             select r.kind::text from public.post_reactions r
             where r.post_id = p.id and r.user_id = $1
             order by r.kind
           ) as my_reactions,
           (
             select coalesce(
               jsonb_agg(
                 jsonb_build_object(
                   'upload_id', u.id, 'media_type', u.media_type,
                   'byte_size', u.byte_size, 'object_path', u.object_path
                 ) order by l.position
               ),
               '[]'
             )
             from public.post_uploads l
             join public.uploads u on u.id = l.upload_id
             where l.post_id = p.id
           ) as attachments
    from public.posts p
    left join public.profiles a on a.id = p.author_id
"""


def to_post(row: asyncpg.Record) -> dict[str, Any]:
    return {
        **row,
        "author": profile_ref(row, "author"),
        "attachments": json.loads(row["attachments"]),
    }


async def load_post(db: asyncpg.Connection, user_id: UUID, post_id: UUID) -> dict[str, Any]:
    row = await db.fetchrow(
        f"{SELECT_POST} where p.id = $2 and p.deleted_at is null", user_id, post_id
    )
    if row is None:
        raise HTTPException(404, "No such post.")
    return to_post(row)


@router.get("/spaces/{space_id}/posts", operation_id="list_posts", response_model=PostPage)
async def list_posts(
    space_id: UUID,
    db: Connection,
    user_id: CurrentUser,
    page: PageParams,
    q: Annotated[str | None, Query(min_length=2, max_length=100)] = None,
) -> Any:
    await require_space(db, space_id)
    rows = await db.fetch(
        f"""
        {SELECT_POST}
        where p.space_id = $2
          and p.deleted_at is null
          and ($3::text is null or p.search @@ websearch_to_tsquery('simple', $3))
          and not exists (
            select 1 from public.profile_blocks b
            where b.blocker_id = $1 and b.blocked_id = p.author_id
          )
          and (p.created_at, p.id) < ($4, $5)
        order by p.created_at desc, p.id desc
        limit $6
        """,
        user_id,
        space_id,
        q,
        *page.after(NEWEST),
        page.fetch,
    )
    return page.build(rows, to_post)


@router.post(
    "/spaces/{space_id}/posts", operation_id="create_post", status_code=201, response_model=Post
)
async def create_post(
    space_id: UUID, body: PostCreate, response: Response, db: Connection, user_id: CurrentUser
) -> Any:
    await require_space(db, space_id)
    post_id = await db.fetchval(
        """
        insert into public.posts (space_id, author_id, title, body)
        values ($1, $2, $3, $4)
        returning id
        """,
        space_id,
        user_id,
        body.title,
        body.body,
    )
    if body.upload_ids:
        usable = await db.fetchval(
            """
            select count(*) from public.uploads
            where id = any($1::uuid[]) and owner_id = $2 and status = 'ready'
            """,
            body.upload_ids,
            user_id,
        )
        if usable != len(body.upload_ids):
            raise HTTPException(422, "Attach your own finished uploads only.")
        await db.execute(
            """
            insert into public.post_uploads (post_id, upload_id, position)
            select $1, u.id, u.position
            from unnest($2::uuid[]) with ordinality as u (id, position)
            """,
            post_id,
            body.upload_ids,
        )
    response.headers["Location"] = f"/v1/posts/{post_id}"
    return await load_post(db, user_id, post_id)


@router.get("/posts/{post_id}", operation_id="get_post", response_model=Post)
async def get_post(post_id: UUID, db: Connection, user_id: CurrentUser) -> Any:
    return await load_post(db, user_id, post_id)


@router.patch("/posts/{post_id}", operation_id="update_post", response_model=Post)
async def update_post(post_id: UUID, body: PostUpdate, db: Connection, user_id: CurrentUser) -> Any:
    await require_post(db, post_id)
    status = await db.execute(
        """
        update public.posts
        set title = coalesce($2, title), body = coalesce($3, body)
        where id = $1
        """,
        post_id,
        body.title,
        body.body,
    )
    if status == "UPDATE 0":
        raise HTTPException(403, "Only the author can edit a post, while the space is open.")
    return await load_post(db, user_id, post_id)


@router.delete("/posts/{post_id}", operation_id="delete_post", status_code=204)
async def delete_post(post_id: UUID, db: Connection) -> None:
    await db.execute("select public.delete_post($1)", post_id)
