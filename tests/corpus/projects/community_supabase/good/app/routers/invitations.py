import hashlib
import secrets
from typing import Any
from uuid import UUID

from fastapi import APIRouter

from app.auth import CurrentUser
from app.db import Connection
from app.routers.common import require_space
from app.routers.spaces import load_space
from app.schemas import CreatedInvitation, InvitationAcceptance, InvitationCreate, Space

router = APIRouter(tags=["Memberships"])


@router.post(
    "/spaces/{space_id}/invitations",
    operation_id="create_invitation",
    status_code=201,
    response_model=CreatedInvitation,
)
async def create_invitation(
    space_id: UUID, body: InvitationCreate, db: Connection, user_id: CurrentUser
) -> Any:
    await require_space(db, space_id)
    token = secrets.token_urlsafe(32)
    # A lapsed invitation must not stand in the way of a new one.
    await db.execute(
        """
        update public.invitations set revoked_at = now()
        where space_id = $1 and email = $2
          and accepted_at is null and revoked_at is null and expires_at <= now()
        """,
        space_id,
        body.email,
    )
    row = await db.fetchrow(
        """
        insert into public.invitations (space_id, invited_by, email, role, token_hash)
        values ($1, $2, $3, $4, $5)
        returning id, space_id, email, role, created_at, expires_at
        """,
        space_id,
        user_id,
        body.email,
        body.role,
        hashlib.sha256(token.encode()).digest(),
    )
    return {**row, "token": token}


@router.post("/invitations/accept", operation_id="accept_invitation", response_model=Space)
async def accept_invitation(body: InvitationAcceptance, db: Connection, user_id: CurrentUser) -> Any:
    space_id = await db.fetchval("select public.accept_invitation($1)", body.token)
    return await load_space(db, user_id, space_id)
