from typing import Annotated, Any
from uuid import UUID, uuid4

import asyncpg
from fastapi import APIRouter, HTTPException, Query, Response

from app.auth import CurrentUser
from app.db import Connection
from app.pagination import NEWEST, PageParams
from app.schemas import Space, SpaceCreate, SpacePage

router = APIRouter(tags=["Spaces"])

SELECT_SPACE = """
    select s.id, s.slug, s.name, s.description, s.visibility, s.member_count, s.cover_upload_id,
           m.role as my_role, s.archived_at, s.created_at, s.updated_at
    from public.spaces s
    left join public.space_members m on m.space_id = s.id and m.user_id = $1
"""


async def load_space(db: asyncpg.Connection, user_id: UUID, space_id: UUID) -> dict[str, Any]:
    row = await db.fetchrow(f"{SELECT_SPACE} where s.id = $2", user_id, space_id)
    if row is None:
        raise HTTPException(404, "No such space.")
    return dict(row)


@router.get("/spaces", operation_id="list_spaces", response_model=SpacePage)
async def list_spaces(
    db: Connection,
    user_id: CurrentUser,
    page: PageParams,
    mine: Annotated[bool, Query()] = False,
) -> Any:
    rows = await db.fetch(
        f"""
        {SELECT_SPACE}
        where (m.user_id is not null or not $2)
          and (s.created_at, s.id) < ($3, $4)
        order by s.created_at desc, s.id desc
        limit $5
        """,
        user_id,
        mine,
        *page.after(NEWEST),
        page.fetch,
    )
    return page.build(rows, dict)


@router.post("/spaces", operation_id="create_space", status_code=201, response_model=Space)
async def create_space(body: SpaceCreate, response: Response, db: Connection, user_id: CurrentUser) -> Any:
    # The identifier is made here: RETURNING would need the membership that the insert trigger
    # adds only after the row, and a private space is invisible without it.
    space_id = uuid4()
    await db.execute(
        """
        insert into public.spaces (id, slug, name, description, visibility, created_by)
        values ($1, $2, $3, $4, $5, $6)
        """,
        space_id,
        body.slug,
        body.name,
        body.description,
        body.visibility,
        user_id,
    )
    response.headers["Location"] = f"/v1/spaces/{space_id}"
    return await load_space(db, user_id, space_id)


@router.get("/spaces/{space_id}", operation_id="get_space", response_model=Space)
async def get_space(space_id: UUID, db: Connection, user_id: CurrentUser) -> Any:
    return await load_space(db, user_id, space_id)
