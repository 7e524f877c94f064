"""Comments."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.models import CommentRow, TaskRow
from app.repositories import lists, visible
from app.repositories.base import Lock, delete_row, insert_row
from app.schemas import Comment, CommentInput, CommentPage
from app.services.access import enter, found, hold
from app.services.creation import Created, Creation


async def list_comments(
    session: AsyncSession, caller: UUID, task_id: int, limit: int, offset: int
) -> CommentPage:
    """List the comments on a task."""
    found(await visible.task_place(session, caller, task_id))
    rows, total = await lists.list_comments(session, task_id, limit, offset)
    return CommentPage(
        items=[Comment.model_validate(row[0]) for row in rows], total=total
    )


async def create_comment(
    session: AsyncSession,
    caller: UUID,
    task_id: int,
    data: CommentInput,
    key: str | None,
) -> Created[Comment]:
    """Write a comment in the caller's name."""
    place = found(await visible.task_place(session, caller, task_id))
    await enter(session, caller, place, key=key)
    await hold(session, TaskRow, task_id, Lock.KEY_SHARE)
    creation = Creation.of(caller, key, f"/tasks/{task_id}/comments", data)
    replayed = await creation.replay(session, Comment)
    if replayed is not None:
        return replayed
    row = await insert_row(
        session, CommentRow, task_id=task_id, author_id=caller, body=data.body
    )
    return await creation.finish(
        session, Comment.model_validate(row), f"/comments/{row.id}"
    )


async def get_comment(session: AsyncSession, caller: UUID, comment_id: int) -> Comment:
    """Get a comment."""
    row = found(await visible.find_comment(session, caller, comment_id))
    return Comment.model_validate(row)


async def replace_comment(
    session: AsyncSession, caller: UUID, comment_id: int, data: CommentInput
) -> Comment:
    """Set the text of a comment."""
    place = found(await visible.comment_place(session, caller, comment_id))
    standing = await enter(session, caller, place)
    row = await hold(session, CommentRow, comment_id, Lock.UPDATE)
    standing.require_author(row.author_id)
    row.body = data.body
    await session.flush()
    return Comment.model_validate(row)


async def delete_comment(session: AsyncSession, caller: UUID, comment_id: int) -> None:
    """Delete a comment."""
    place = found(await visible.comment_place(session, caller, comment_id))
    standing = await enter(session, caller, place)
    row = await hold(session, CommentRow, comment_id, Lock.UPDATE)
    standing.require_author_or_manager(row.author_id)
    await delete_row(session, row)
