"""Rooms and their members."""

from string import Template
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from sqlalchemy import and_, delete, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from app import schemas
from app.accounts import Caller, User
from app.faults import Fault, faults, gone
from app.store import memberships, reading, rooms, users, writing
from app.transport import json_only

router = APIRouter(prefix="/rooms", tags=["rooms"])
MAX_MEMBERS = 100
MAX_OWNED = 50
PLACE = {"type": "string", "format": "uri-reference", "maxLength": 100}
LOCATED: dict[int | str, dict[str, Any]] = {
    201: {
        "description": "Made.",
        "headers": {"Location": {"description": "Where it is.", "required": True, "schema": PLACE}},
    }
}


async def role_in(db: AsyncConnection, room_id: int, caller: Caller) -> str:
    """The caller's role in a room. Raises Fault (404) for everybody who is not in it."""
    role = await db.scalar(
        select(memberships.c.role).where(memberships.c.room_id == room_id, memberships.c.user_id == caller.id)
    )
    if role is None:
        raise gone("room")
    return str(role)


async def own(db: AsyncConnection, room_id: int, caller: Caller) -> None:
    """See that the caller owns a room. Raises Fault (403, 404)."""
    if await role_in(db, room_id, caller) != schemas.MemberRole.OWNER:
        raise Fault(403, "Only an owner of the room may do this.")


def shown(row: Any, caller: Caller) -> schemas.Room:
    """A room for the caller. The greeting's places are filled as text; nothing in it is evaluated."""
    welcome = Template(row.greeting).safe_substitute(handle=caller.handle, room=row.name)
    return schemas.Room(
        id=row.id, name=row.name, greeting=row.greeting, status=row.status, role=row.role, welcome=welcome
    )


def _rooms_of(caller: Caller) -> Any:
    mine = and_(memberships.c.room_id == rooms.c.id, memberships.c.user_id == caller.id)
    return select(rooms.c.id, rooms.c.name, rooms.c.greeting, rooms.c.status, memberships.c.role).join(
        memberships, mine, isouter=caller.is_admin
    )


@router.get("", operation_id="list_rooms", responses=faults(401, 422))
async def list_rooms(
    caller: User, before: schemas.Before = schemas.MAX_ID, limit: schemas.Limit = 20
) -> schemas.Envelope[schemas.RoomPage]:
    """The caller's rooms, all of them for an administrator; ordered by id, the newest first."""
    async with reading() as db:
        query = _rooms_of(caller).where(rooms.c.id < before).order_by(rooms.c.id.desc()).limit(limit + 1)
        found = (await db.execute(query)).all()
    items = [shown(row, caller) for row in found[:limit]]
    return schemas.wrap(schemas.RoomPage(items=items, next_before=items[-1].id if len(found) > limit else None))


@router.post(
    "",
    status_code=201,
    operation_id="create_room",
    responses={**LOCATED, **faults(401, 409, 413, 415, 422)},
    dependencies=[Depends(json_only)],
)
async def create_room(body: schemas.RoomNew, caller: User, response: Response) -> schemas.Envelope[schemas.Room]:
    """Make a room and own it. The name must be free, and nobody owns more than fifty (409)."""
    async with writing() as db:
        owned = await db.scalar(
            select(func.count()).where(memberships.c.user_id == caller.id, memberships.c.role == "owner")
        )
        if (owned or 0) >= MAX_OWNED:
            raise Fault(409, "The caller owns fifty rooms.")
        made = await db.execute(
            insert(rooms)
            .values(name=body.name, greeting=body.greeting)
            .returning(rooms.c.id, rooms.c.name, rooms.c.greeting, rooms.c.status)
        )
        room_id = made.one().id
        await db.execute(insert(memberships).values(room_id=room_id, user_id=caller.id, role="owner"))
        row = (await db.execute(_rooms_of(caller).where(rooms.c.id == room_id))).one()
    response.headers["Location"] = f"/rooms/{room_id}"
    return schemas.wrap(shown(row, caller))


@router.get("/{room_id}", operation_id="read_room", responses=faults(401, 404, 422))
async def read_room(room_id: schemas.PathId, caller: User) -> schemas.Envelope[schemas.Room]:
    """A room that the caller is in, any for an administrator."""
    async with reading() as db:
        row = (await db.execute(_rooms_of(caller).where(rooms.c.id == room_id))).first()
    if row is None:
        raise gone("room")
    return schemas.wrap(shown(row, caller))


@router.put(
    "/{room_id}",
    operation_id="replace_room",
    responses=faults(401, 403, 404, 413, 415, 422),
    dependencies=[Depends(json_only)],
)
async def replace_room(
    room_id: schemas.PathId, body: schemas.RoomChange, caller: User
) -> schemas.Envelope[schemas.Room]:
    """Change the greeting, or archive the room: its owners. To open an archived one again takes an administrator."""
    async with writing() as db:
        row = (await db.execute(_rooms_of(caller).where(rooms.c.id == room_id))).first()
        if row is None:
            raise gone("room")
        reopened = row.status == "archived" and body.status is schemas.RoomStatus.OPEN
        if not caller.is_admin and (row.role != "owner" or reopened):
            raise Fault(403, "The caller's role does not allow this.")
        await db.execute(
            update(rooms).where(rooms.c.id == room_id).values(greeting=body.greeting, status=body.status.value)
        )
        changed = (await db.execute(_rooms_of(caller).where(rooms.c.id == room_id))).one()
    return schemas.wrap(shown(changed, caller))


@router.get("/{room_id}/members", operation_id="list_members", responses=faults(401, 404, 422))
async def list_members(
    room_id: schemas.PathId, caller: User
) -> schemas.Envelope[Annotated[list[schemas.Member], schemas.Field(max_length=MAX_MEMBERS)]]:
    """Who is in the room, a hundred at most, ordered by id."""
    async with reading() as db:
        await role_in(db, room_id, caller)
        found = await db.execute(
            select(users.c.id, users.c.handle, memberships.c.role)
            .join(memberships, memberships.c.user_id == users.c.id)
            .where(memberships.c.room_id == room_id)
            .order_by(users.c.id)
            .limit(MAX_MEMBERS)
        )
        members = [schemas.Member(user_id=row.id, handle=row.handle, role=row.role) for row in found]
    return schemas.wrap(members)


async def _others_own(db: AsyncConnection, room_id: int, user_id: int) -> bool:
    """Whether a room has an owner besides one user."""
    other = select(memberships.c.user_id).where(
        memberships.c.room_id == room_id, memberships.c.role == "owner", memberships.c.user_id != user_id
    )
    return await db.scalar(other.limit(1)) is not None


@router.put(
    "/{room_id}/members/{user_id}",
    operation_id="put_member",
    responses=faults(401, 403, 404, 409, 413, 415, 422),
    dependencies=[Depends(json_only)],
)
async def put_member(
    room_id: schemas.PathId, user_id: schemas.PathId, body: schemas.MemberPut, caller: User
) -> schemas.Envelope[schemas.Member]:
    """Let a user in, or change their role; owners only. The last owner stays one, and a full room is full (409)."""
    async with writing() as db:
        await own(db, room_id, caller)
        handle = await db.scalar(select(users.c.handle).where(users.c.id == user_id))
        if handle is None:
            raise gone("user")
        if body.role is schemas.MemberRole.MEMBER and not await _others_own(db, room_id, user_id):
            raise Fault(409, "The room needs an owner.")
        count = await db.scalar(
            select(func.count()).where(memberships.c.room_id == room_id, memberships.c.user_id != user_id)
        )
        if (count or 0) >= MAX_MEMBERS:
            raise Fault(409, "The room is full.")
        await db.execute(
            upsert(memberships)
            .values(room_id=room_id, user_id=user_id, role=body.role.value)
            .on_conflict_do_update(index_elements=["room_id", "user_id"], set_={"role": body.role.value})
        )
    return schemas.wrap(schemas.Member(user_id=user_id, handle=handle, role=body.role))


@router.delete(
    "/{room_id}/members/{user_id}",
    status_code=204,
    operation_id="remove_member",
    responses=faults(401, 403, 404, 409, 422),
)
async def remove_member(room_id: schemas.PathId, user_id: schemas.PathId, caller: User) -> None:
    """Leave a room, or as its owner remove somebody. The last owner cannot go (409)."""
    async with writing() as db:
        role = await role_in(db, room_id, caller)
        if user_id != caller.id and role != schemas.MemberRole.OWNER:
            raise Fault(403, "Only an owner of the room may do this.")
        if not await _others_own(db, room_id, user_id):
            raise Fault(409, "The room needs an owner.")
        removed = await db.execute(
            delete(memberships).where(memberships.c.room_id == room_id, memberships.c.user_id == user_id)
        )
        if removed.rowcount == 0:
            raise gone("member")
