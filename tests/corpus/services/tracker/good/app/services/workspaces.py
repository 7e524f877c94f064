"""Workspaces."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.errors import ForbiddenError
from app.models import WorkspaceMemberRow, WorkspaceRow
from app.repositories import lists, visible
from app.repositories.base import Lock, delete_row, insert_row
from app.schemas import Workspace, WorkspaceInput, WorkspacePage
from app.services.access import enter, found, lock_caller
from app.services.creation import Created, Creation
from app.services.rules import OWNER


async def list_workspaces(
    session: AsyncSession, caller: UUID, limit: int, offset: int
) -> WorkspacePage:
    """List the caller's workspaces."""
    rows, total = await lists.list_workspaces(session, caller, limit, offset)
    return WorkspacePage(
        items=[Workspace.model_validate(row[0]) for row in rows], total=total
    )


async def create_workspace(
    session: AsyncSession, caller: UUID, data: WorkspaceInput, key: str | None
) -> Created[Workspace]:
    """Create a workspace; the caller becomes its owner."""
    await lock_caller(session, caller, key)
    creation = Creation.of(caller, key, "/workspaces", data)
    replayed = await creation.replay(session, Workspace)
    if replayed is not None:
        return replayed
    row = await insert_row(session, WorkspaceRow, name=data.name)
    await insert_row(
        session,
        WorkspaceMemberRow,
        workspace_id=row.id,
        user_id=caller,
        role=OWNER,
    )
    return await creation.finish(
        session, Workspace.model_validate(row), f"/workspaces/{row.id}"
    )


async def get_workspace(
    session: AsyncSession, caller: UUID, workspace_id: int
) -> Workspace:
    """Get a workspace of the caller."""
    row = found(await visible.find_workspace(session, caller, workspace_id))
    return Workspace.model_validate(row)


async def replace_workspace(
    session: AsyncSession, caller: UUID, workspace_id: int, data: WorkspaceInput
) -> Workspace:
    """Rename a workspace."""
    place = found(await visible.workspace_place(session, caller, workspace_id))
    standing = await enter(session, caller, place, workspace_lock=Lock.NO_KEY_UPDATE)
    standing.require_manager()
    standing.workspace.name = data.name
    await session.flush()
    return Workspace.model_validate(standing.workspace)


async def delete_workspace(
    session: AsyncSession, caller: UUID, workspace_id: int
) -> None:
    """Delete a workspace with all that is in it."""
    place = found(await visible.workspace_place(session, caller, workspace_id))
    standing = await enter(session, caller, place, workspace_lock=Lock.UPDATE)
    if standing.role != OWNER:
        raise ForbiddenError
    await delete_row(session, standing.workspace)
