"""Labels."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.models import LabelRow
from app.repositories import lists, visible
from app.repositories.base import Lock, delete_row, insert_row
from app.schemas import Label, LabelInput, LabelPage
from app.services.access import enter, found, hold
from app.services.creation import Created, Creation


async def list_labels(
    session: AsyncSession, caller: UUID, workspace_id: int, limit: int, offset: int
) -> LabelPage:
    """List the labels of a workspace."""
    found(await visible.workspace_place(session, caller, workspace_id))
    rows, total = await lists.list_labels(session, workspace_id, limit, offset)
    return LabelPage(items=[Label.model_validate(row[0]) for row in rows], total=total)


async def create_label(
    session: AsyncSession,
    caller: UUID,
    workspace_id: int,
    data: LabelInput,
    key: str | None,
) -> Created[Label]:
    """Create a label in a workspace."""
    place = found(await visible.workspace_place(session, caller, workspace_id))
    standing = await enter(session, caller, place, key=key)
    standing.require_manager()
    path = f"/workspaces/{workspace_id}/labels"
    creation = Creation.of(caller, key, path, data)
    replayed = await creation.replay(session, Label)
    if replayed is not None:
        return replayed
    row = await insert_row(
        session,
        LabelRow,
        workspace_id=workspace_id,
        name=data.name,
        color=data.color,
    )
    return await creation.finish(
        session, Label.model_validate(row), f"/labels/{row.id}"
    )


async def get_label(session: AsyncSession, caller: UUID, label_id: int) -> Label:
    """Get a label."""
    row = found(await visible.find_label(session, caller, label_id))
    return Label.model_validate(row)


async def replace_label(
    session: AsyncSession, caller: UUID, label_id: int, data: LabelInput
) -> Label:
    """Set name and color of a label."""
    place = found(await visible.label_place(session, caller, label_id))
    standing = await enter(session, caller, place)
    row = await hold(session, LabelRow, label_id, Lock.UPDATE)
    standing.require_manager()
    row.name = data.name
    row.color = data.color
    await session.flush()
    return Label.model_validate(row)


async def delete_label(session: AsyncSession, caller: UUID, label_id: int) -> None:
    """Delete a label and take it off all tasks."""
    place = found(await visible.label_place(session, caller, label_id))
    standing = await enter(session, caller, place)
    row = await hold(session, LabelRow, label_id, Lock.UPDATE)
    standing.require_manager()
    await delete_row(session, row)
