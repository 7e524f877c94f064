from uuid import UUID

from fastapi import APIRouter

from app.auth import CurrentUser
from app.db import Connection
from app.routers.common import require_post
from app.schemas import ReactionKind

router = APIRouter(tags=["Posts"])


@router.put("/posts/{post_id}/reactions/{kind}", operation_id="add_post_reaction", status_code=204)
async def add_post_reaction(
    post_id: UUID, kind: ReactionKind, db: Connection, user_id: CurrentUser
) -> None:
    await require_post(db, post_id)
    await db.execute(
        """
        insert into public.post_reactions (post_id, user_id, kind)
        values ($1, $2, $3)
        on conflict (post_id, user_id, kind) do nothing
        """,
        post_id,
        user_id,
        kind,
    )


@router.delete(
    "/posts/{post_id}/reactions/{kind}", operation_id="remove_post_reaction", status_code=204
)
async def remove_post_reaction(
    post_id: UUID, kind: ReactionKind, db: Connection, user_id: CurrentUser
) -> None:
    await require_post(db, post_id)
    await db.execute(
        "delete from public.post_reactions where post_id = $1 and user_id = $2 and kind = $3",
        post_id,
        user_id,
        kind,
    )
