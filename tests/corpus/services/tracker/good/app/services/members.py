"""Members of workspaces."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.errors import ConflictError, ForbiddenError
from app.models import WorkspaceMemberRow
from app.repositories import members, users, visible
from app.repositories.base import Lock, delete_row, insert_row
from app.schemas import Member, MemberCreate, MemberPage, MemberRoleInput
from app.services.access import enter, found
from app.services.creation import Created, Creation
from app.services.rules import MEMBER, OWNER, may_remove


def _member(row: WorkspaceMemberRow, display_name: str) -> Member:
    return Member.model_validate(
        {
            "workspace_id": row.workspace_id,
            "user_id": row.user_id,
            "display_name": display_name,
            "role": row.role,
            "created_at": row.created_at,
        }
    )


async def list_members(
    session: AsyncSession, caller: UUID, workspace_id: int, limit: int, offset: int
) -> MemberPage:
    """List the members of a workspace."""
    found(await visible.workspace_place(session, caller, workspace_id))
    rows, total = await members.list_named_members(session, workspace_id, limit, offset)
    return MemberPage(items=[_member(row[0], row[1]) for row in rows], total=total)


async def add_member(
    session: AsyncSession,
    caller: UUID,
    workspace_id: int,
    data: MemberCreate,
    key: str | None,
) -> Created[Member]:
    """Add a user with the role member."""
    place = found(await visible.workspace_place(session, caller, workspace_id))
    standing = await enter(session, caller, place, key=key, others=[data.user_id])
    user = found(await users.find_user(session, data.user_id))
    standing.require_manager()
    path = f"/workspaces/{workspace_id}/members"
    creation = Creation.of(caller, key, path, data)
    replayed = await creation.replay(session, Member)
    if replayed is not None:
        return replayed
    if data.user_id in standing.members:
        message = "The user is a member already."
        raise ConflictError(message)
    row = await insert_row(
        session,
        WorkspaceMemberRow,
        workspace_id=workspace_id,
        user_id=data.user_id,
        role=MEMBER,
    )
    return await creation.finish(
        session, _member(row, user.display_name), f"{path}/{row.user_id}"
    )


async def get_member(
    session: AsyncSession, caller: UUID, workspace_id: int, user_id: UUID
) -> Member:
    """Get one member."""
    found(await visible.workspace_place(session, caller, workspace_id))
    row, name = found(await members.find_named_member(session, workspace_id, user_id))
    return _member(row, name)


async def set_member_role(
    session: AsyncSession,
    caller: UUID,
    workspace_id: int,
    user_id: UUID,
    data: MemberRoleInput,
) -> Member:
    """Make a member an admin, or the other way round."""
    place = found(await visible.workspace_place(session, caller, workspace_id))
    standing = await enter(
        session, caller, place, others=[user_id], member_lock=Lock.UPDATE
    )
    target = found(standing.members.get(user_id))
    if standing.role != OWNER:
        raise ForbiddenError
    if target.role == OWNER:
        message = "The owner's role cannot be changed."
        raise ConflictError(message)
    target.role = data.role
    await session.flush()
    user = found(await users.find_user(session, user_id))
    return _member(target, user.display_name)


async def remove_member(
    session: AsyncSession, caller: UUID, workspace_id: int, user_id: UUID
) -> None:
    """Remove a member and take them off their tasks."""
    place = found(await visible.workspace_place(session, caller, workspace_id))
    standing = await enter(
        session, caller, place, others=[user_id], member_lock=Lock.UPDATE
    )
    target = found(standing.members.get(user_id))
    if not may_remove(standing.role, target.role, oneself=user_id == caller):
        raise ForbiddenError
    if target.role == OWNER:
        message = "The owner cannot leave the workspace."
        raise ConflictError(message)
    await members.unassign_tasks(session, workspace_id, user_id)
    await delete_row(session, target)
