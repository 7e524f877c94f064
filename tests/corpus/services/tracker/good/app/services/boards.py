"""Boards."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.models import BoardRow, ProjectRow
from app.repositories import lists, visible
from app.repositories.base import Lock, delete_row, insert_row
from app.schemas import Board, BoardInput, BoardPage
from app.services.access import enter, found, hold
from app.services.creation import Created, Creation


async def list_boards(
    session: AsyncSession, caller: UUID, project_id: int, limit: int, offset: int
) -> BoardPage:
    """List the boards of a project."""
    found(await visible.project_place(session, caller, project_id))
    rows, total = await lists.list_boards(session, project_id, limit, offset)
    return BoardPage(items=[Board.model_validate(row[0]) for row in rows], total=total)


async def create_board(
    session: AsyncSession,
    caller: UUID,
    project_id: int,
    data: BoardInput,
    key: str | None,
) -> Created[Board]:
    """Create a board in a project."""
    place = found(await visible.project_place(session, caller, project_id))
    standing = await enter(session, caller, place, key=key)
    await hold(session, ProjectRow, project_id, Lock.KEY_SHARE)
    standing.require_manager()
    path = f"/projects/{project_id}/boards"
    creation = Creation.of(caller, key, path, data)
    replayed = await creation.replay(session, Board)
    if replayed is not None:
        return replayed
    row = await insert_row(session, BoardRow, project_id=project_id, name=data.name)
    return await creation.finish(
        session, Board.model_validate(row), f"/boards/{row.id}"
    )


async def get_board(session: AsyncSession, caller: UUID, board_id: int) -> Board:
    """Get a board."""
    row = found(await visible.find_board(session, caller, board_id))
    return Board.model_validate(row)


async def replace_board(
    session: AsyncSession, caller: UUID, board_id: int, data: BoardInput
) -> Board:
    """Rename a board."""
    place = found(await visible.board_place(session, caller, board_id))
    standing = await enter(session, caller, place)
    row = await hold(session, BoardRow, board_id, Lock.UPDATE)
    standing.require_manager()
    row.name = data.name
    await session.flush()
    return Board.model_validate(row)


async def delete_board(session: AsyncSession, caller: UUID, board_id: int) -> None:
    """Delete a board with its tasks."""
    place = found(await visible.board_place(session, caller, board_id))
    standing = await enter(session, caller, place)
    row = await hold(session, BoardRow, board_id, Lock.UPDATE)
    standing.require_manager()
    await delete_row(session, row)
