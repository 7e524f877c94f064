"""How every write begins: locks in the one order, and who the caller is."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.errors import ForbiddenError, NotFoundError, UnauthorizedError
from app.models import (
    BoardRow,
    ProjectRow,
    TaskRow,
    WorkspaceMemberRow,
    WorkspaceRow,
)
from app.repositories import members, users
from app.repositories.base import Lock, LockableRow, lock_row
from app.repositories.visible import Place
from app.services.rules import is_manager

Found = TypeVar("Found")


def found(thing: Found | None) -> Found:
    """Refuse what is not there."""
    if thing is None:
        raise NotFoundError
    return thing


@dataclass(frozen=True, slots=True)
class Standing:
    """The locked workspace and the locked memberships that a write needs."""

    caller: UUID
    workspace: WorkspaceRow
    members: dict[UUID, WorkspaceMemberRow]

    @property
    def role(self) -> str:
        """Give the caller's role."""
        return self.members[self.caller].role

    def require_manager(self) -> None:
        """Refuse who does not manage the workspace."""
        if not is_manager(self.role):
            raise ForbiddenError

    def require_author_or_manager(self, author: UUID) -> None:
        """Refuse who neither made the thing nor manages the workspace."""
        if author != self.caller:
            self.require_manager()

    def require_author(self, author: UUID) -> None:
        """Refuse everybody but who made the thing."""
        if author != self.caller:
            raise ForbiddenError


async def lock_caller(session: AsyncSession, caller: UUID, key: str | None) -> None:
    """Lock the caller's row: with a key, so that its use is serialized."""
    lock = Lock.KEY_SHARE if key is None else Lock.NO_KEY_UPDATE
    if await users.lock_user(session, caller, lock) is None:
        raise UnauthorizedError


async def enter(
    session: AsyncSession,
    caller: UUID,
    place: Place,
    *,
    key: str | None = None,
    others: Collection[UUID] = (),
    workspace_lock: Lock = Lock.KEY_SHARE,
    member_lock: Lock = Lock.SHARE,
) -> Standing:
    """Lock user (with a key), workspace, memberships and parents, in this order."""
    if key is not None:
        await lock_caller(session, caller, key)
    workspace = found(
        await lock_row(session, WorkspaceRow, place.workspace_id, workspace_lock)
    )
    locked_members = await members.lock_members(
        session, place.workspace_id, {caller, *others}, member_lock
    )
    if caller not in locked_members:
        raise NotFoundError
    if place.project_id is not None:
        await hold(session, ProjectRow, place.project_id, Lock.KEY_SHARE)
    if place.board_id is not None:
        await hold(session, BoardRow, place.board_id, Lock.KEY_SHARE)
    if place.task_id is not None:
        await hold(session, TaskRow, place.task_id, Lock.KEY_SHARE)
    return Standing(caller, workspace, locked_members)


async def hold(
    session: AsyncSession, model: type[LockableRow], row_id: int, lock: Lock
) -> LockableRow:
    """Lock a row, or refuse when it has gone."""
    row = await lock_row(session, model, row_id, lock)
    if row is None:
        raise NotFoundError
    return row
