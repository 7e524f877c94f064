from typing import Any
from uuid import UUID

import asyncpg
from fastapi import APIRouter, HTTPException

from app.auth import CurrentUser
from app.db import Connection
from app.pagination import OLDEST, PageParams
from app.routers.common import profile_ref, require_space
from app.schemas import Member, MemberPage, MemberRoleChange

router = APIRouter(tags=["Memberships"])

SELECT_MEMBER = """
    select m.space_id, m.user_id, p.username as user_username, p.display_name as user_display_name,
           m.role, m.joined_at
    from public.space_members m
    join public.profiles p on p.id = m.user_id
"""


def to_member(row: asyncpg.Record) -> dict[str, Any]:
    return {
        "space_id": row["space_id"],
        "user": profile_ref(row, "user"),
        "role": row["role"],
        "joined_at": row["joined_at"],
    }


async def load_member(db: asyncpg.Connection, space_id: UUID, user_id: UUID) -> dict[str, Any]:
    row = await db.fetchrow(f"{SELECT_MEMBER} where m.space_id = $1 and m.user_id = $2", space_id, user_id)
    if row is None:
        raise HTTPException(404, "No such member.")
    return to_member(row)


@router.get("/spaces/{space_id}/members", operation_id="list_members", response_model=MemberPage)
async def list_members(space_id: UUID, db: Connection, page: PageParams) -> Any:
    await require_space(db, space_id)
    rows = await db.fetch(
        f"""
        {SELECT_MEMBER}
        where m.space_id = $1 and (m.joined_at, m.user_id) > ($2, $3)
        order by m.joined_at, m.user_id
        limit $4
        """,
        space_id,
        *page.after(OLDEST),
        page.fetch,
    )
    return page.build(rows, to_member, moment="joined_at", identifier="user_id")


@router.post(
    "/spaces/{space_id}/members", operation_id="join_space", status_code=201, response_model=Member
)
async def join_space(space_id: UUID, db: Connection, user_id: CurrentUser) -> Any:
    await require_space(db, space_id)
    await db.execute(
        "insert into public.space_members (space_id, user_id, role) values ($1, $2, 'member')",
        space_id,
        user_id,
    )
    return await load_member(db, space_id, user_id)


@router.patch(
    "/spaces/{space_id}/members/{user_id}", operation_id="change_member_role", response_model=Member
)
async def change_member_role(
    space_id: UUID, user_id: UUID, body: MemberRoleChange, db: Connection
) -> Any:
    await load_member(db, space_id, user_id)
    status = await db.execute(
        "update public.space_members set role = $3 where space_id = $1 and user_id = $2",
        space_id,
        user_id,
        body.role,
    )
    if status == "UPDATE 0":
        raise HTTPException(403, "Only an owner can change roles.")
    return await load_member(db, space_id, user_id)


@router.delete(
    "/spaces/{space_id}/members/{user_id}", operation_id="remove_member", status_code=204
)
async def remove_member(space_id: UUID, user_id: UUID, db: Connection) -> None:
    await load_member(db, space_id, user_id)
    status = await db.execute(
        "delete from public.space_members where space_id = $1 and user_id = $2", space_id, user_id
    )
    if status == "DELETE 0":
        raise HTTPException(403, "You cannot remove this member.")
