from typing import Any

from fastapi import APIRouter, HTTPException

from app.auth import CurrentUser
from app.db import Connection
from app.schemas import Profile, ProfileUpdate

router = APIRouter(tags=["Profiles"])

COLUMNS = "id, username, display_name, bio, locale, avatar_upload_id, created_at, updated_at"


@router.get("/me", operation_id="get_my_profile", response_model=Profile)
async def get_my_profile(db: Connection, user_id: CurrentUser) -> Any:
    row = await db.fetchrow(f"select {COLUMNS} from public.profiles where id = $1", user_id)
    if row is None:
        raise HTTPException(404, "The account has no profile.")
    return dict(row)


@router.patch("/me", operation_id="update_my_profile", response_model=Profile)
async def update_my_profile(body: ProfileUpdate, db: Connection, user_id: CurrentUser) -> Any:
    row = await db.fetchrow(
        f"""
        update public.profiles
        set username = coalesce($2, username),
            display_name = coalesce($3, display_name),
            bio = coalesce($4, bio),
            locale = coalesce($5, locale),
            avatar_upload_id = case when $6 then $7 else avatar_upload_id end
        where id = $1
        returning {COLUMNS}
        """,
        user_id,
        body.username,
        body.display_name,
        body.bio,
        body.locale,
        "avatar_upload_id" in body.model_fields_set,
        body.avatar_upload_id,
    )
    if row is None:
        raise HTTPException(404, "The account has no profile.")
    return dict(row)
