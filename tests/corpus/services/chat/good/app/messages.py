"""Messages and reactions."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, BackgroundTasks, Depends, Query
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from app import schemas
from app.accounts import Caller, User
from app.faults import Fault, faults, gone
from app.rooms import role_in
from app.store import memberships, messages, reactions, reading, rooms, writing
from app.transport import json_only
from app.webhooks import announce

router = APIRouter(tags=["messages"])
EDITABLE = timedelta(minutes=15)


def _seen(caller: Caller) -> Any:
    """Messages of the rooms that the caller is in."""
    mine = select(memberships.c.room_id).where(memberships.c.user_id == caller.id)
    return select(
        messages.c.id,
        messages.c.room_id,
        messages.c.author_id,
        messages.c.body,
        messages.c.created_at,
        messages.c.edited_at,
    ).where(messages.c.room_id.in_(mine))


async def _message(db: AsyncConnection, message_id: int, caller: Caller) -> Any:
    row = (await db.execute(_seen(caller).where(messages.c.id == message_id))).first()
    if row is None:
        raise gone("message")
    return row


async def _open(db: AsyncConnection, room_id: int) -> None:
    """See that a room takes messages. Raises Fault (409)."""
    if await db.scalar(select(rooms.c.status).where(rooms.c.id == room_id)) != schemas.RoomStatus.OPEN:
        raise Fault(409, "The room is archived.")


async def _with_reactions(db: AsyncConnection, rows: list[Any]) -> list[schemas.Message]:
    """Messages with their reactions, which are counted for all of them at once."""
    counted = await db.execute(
        select(reactions.c.message_id, reactions.c.emoji, func.count().label("number"))
        .where(reactions.c.message_id.in_([row.id for row in rows]))
        .group_by(reactions.c.message_id, reactions.c.emoji)
        .order_by(reactions.c.message_id, reactions.c.emoji)
    )
    by_message: dict[int, list[schemas.ReactionCount]] = {}
    for message_id, emoji, number in counted:
        by_message.setdefault(message_id, []).append(schemas.ReactionCount(emoji=emoji, count=number))
    return [schemas.Message(**row._mapping, reactions=by_message.get(row.id, [])) for row in rows]


@router.get("/rooms/{room_id}/messages", operation_id="list_messages", responses=faults(401, 404, 422))
async def list_messages(
    room_id: schemas.PathId,
    caller: User,
    text: Annotated[
        str | None, Query(min_length=1, max_length=100, pattern=r"^[^\x00]+$", description="Only with this text.")
    ] = None,
    before: schemas.Before = schemas.MAX_ID,
    limit: schemas.Limit = 20,
) -> schemas.Envelope[schemas.MessagePage]:
    """The messages of a room, ordered by id, the newest first."""
    query = _seen(caller).where(messages.c.room_id == room_id, messages.c.id < before)
    if text is not None:
        query = query.where(messages.c.body.contains(text, autoescape=True))
    async with reading() as db:
        await role_in(db, room_id, caller)
        found = list((await db.execute(query.order_by(messages.c.id.desc()).limit(limit + 1))).all())
        items = await _with_reactions(db, found[:limit])
    return schemas.wrap(schemas.MessagePage(items=items, next_before=items[-1].id if len(found) > limit else None))


@router.post(
    "/rooms/{room_id}/messages",
    status_code=201,
    operation_id="post_message",
    responses=faults(401, 404, 409, 413, 415, 422),
    dependencies=[Depends(json_only)],
)
async def post_message(
    room_id: schemas.PathId, body: schemas.MessageInput, caller: User, later: BackgroundTasks
) -> schemas.Envelope[schemas.Message]:
    """Say something in a room that is open (409 otherwise). Its webhooks are told afterwards."""
    async with writing() as db:
        await role_in(db, room_id, caller)
        await _open(db, room_id)
        made = await db.execute(
            insert(messages).values(room_id=room_id, author_id=caller.id, body=body.body).returning(messages.c.id)
        )
        row = await _message(db, made.one().id, caller)
    message = schemas.Message(**row._mapping, reactions=[])
    later.add_task(announce, room_id, message.model_dump(mode="json"))
    return schemas.wrap(message)


@router.patch(
    "/messages/{message_id}",
    operation_id="edit_message",
    responses=faults(401, 403, 404, 409, 413, 415, 422),
    dependencies=[Depends(json_only)],
)
async def edit_message(
    message_id: schemas.PathId, body: schemas.MessageInput, caller: User
) -> schemas.Envelope[schemas.Message]:
    """Change what was said; its author only, for fifteen minutes, in a room that is open (409 otherwise)."""
    now = datetime.now(UTC)
    async with writing() as db:
        row = await _message(db, message_id, caller)
        if row.author_id != caller.id:
            raise Fault(403, "Only the author may do this.")
        await _open(db, row.room_id)
        if datetime.fromisoformat(row.created_at) < now - EDITABLE:
            raise Fault(409, "The message is too old.")
        edited = now.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        await db.execute(update(messages).where(messages.c.id == message_id).values(body=body.body, edited_at=edited))
        changed = (await _with_reactions(db, [await _message(db, message_id, caller)]))[0]
    return schemas.wrap(changed)


@router.delete(
    "/messages/{message_id}",
    status_code=204,
    operation_id="delete_message",
    responses=faults(401, 403, 404, 422),
)
async def delete_message(message_id: schemas.PathId, caller: User) -> None:
    """Take a message away: its author, or an owner of the room."""
    async with writing() as db:
        row = await _message(db, message_id, caller)
        if row.author_id != caller.id and await role_in(db, row.room_id, caller) != schemas.MemberRole.OWNER:
            raise Fault(403, "Only the author or an owner of the room may do this.")
        await db.execute(delete(messages).where(messages.c.id == message_id))


@router.put(
    "/messages/{message_id}/reactions/{emoji}",
    status_code=204,
    operation_id="react",
    responses=faults(401, 404, 409, 422),
)
async def react(message_id: schemas.PathId, emoji: schemas.Emoji, caller: User) -> None:
    """React to a message; doing so twice is the same as once. In an archived room it is a 409."""
    async with writing() as db:
        row = await _message(db, message_id, caller)
        await _open(db, row.room_id)
        await db.execute(
            upsert(reactions)
            .values(message_id=message_id, user_id=caller.id, emoji=emoji.value)
            .on_conflict_do_nothing()
        )


@router.delete(
    "/messages/{message_id}/reactions/{emoji}",
    status_code=204,
    operation_id="take_reaction_back",
    responses=faults(401, 404, 422),
)
async def take_reaction_back(message_id: schemas.PathId, emoji: schemas.Emoji, caller: User) -> None:
    """Take the caller's own reaction back."""
    async with writing() as db:
        await _message(db, message_id, caller)
        gone_now = await db.execute(
            delete(reactions).where(
                reactions.c.message_id == message_id,
                reactions.c.user_id == caller.id,
                reactions.c.emoji == emoji.value,
            )
        )
        if gone_now.rowcount == 0:
            raise gone("reaction")
