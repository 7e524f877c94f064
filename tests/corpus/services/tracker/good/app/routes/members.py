"""Members."""

from fastapi import APIRouter, Response

from app.auth import AuthenticatedRoute, Caller, Db
from app.problems import created, problems
from app.routes.params import (
    IdempotencyKey,
    Limit,
    Offset,
    UserIdInPath,
    WorkspaceId,
)
from app.schemas import Member, MemberCreate, MemberPage, MemberRoleInput
from app.services import members

router = APIRouter(tags=["members"], route_class=AuthenticatedRoute)


@router.get(
    "/workspaces/{workspace_id}/members",
    operation_id="listMembers",
    summary="List members",
    responses=problems(401, 404, 422),
)
async def list_members(
    caller: Caller,
    database: Db,
    workspace_id: WorkspaceId,
    limit: Limit = 50,
    offset: Offset = 0,
) -> MemberPage:
    """List the members of the workspace, by user id."""
    return await database.run(
        members.list_members, caller.id, workspace_id, limit, offset
    )


@router.post(
    "/workspaces/{workspace_id}/members",
    operation_id="addMember",
    summary="Add a member",
    status_code=201,
    responses={**created("The new member."), **problems(401, 403, 404, 409, 422)},
)
async def add_member(
    caller: Caller,
    database: Db,
    workspace_id: WorkspaceId,
    body: MemberCreate,
    response: Response,
    idempotency_key: IdempotencyKey = None,
) -> Member:
    """Add a user with the role member. For the owner and admins."""
    made = await database.run(
        members.add_member, caller.id, workspace_id, body, idempotency_key
    )
    response.headers["Location"] = made.location
    return made.body


@router.get(
    "/workspaces/{workspace_id}/members/{user_id}",
    operation_id="getMember",
    summary="Get a member",
    responses=problems(401, 404, 422),
)
async def get_member(
    caller: Caller, database: Db, workspace_id: WorkspaceId, user_id: UserIdInPath
) -> Member:
    """Give one member of the workspace."""
    return await database.run(members.get_member, caller.id, workspace_id, user_id)


@router.put(
    "/workspaces/{workspace_id}/members/{user_id}",
    operation_id="setMemberRole",
    summary="Set a member's role",
    responses=problems(401, 403, 404, 409, 422),
)
async def set_member_role(
    caller: Caller,
    database: Db,
    workspace_id: WorkspaceId,
    user_id: UserIdInPath,
    body: MemberRoleInput,
) -> Member:
    """Make a member an admin or the other way round. For the owner."""
    return await database.run(
        members.set_member_role, caller.id, workspace_id, user_id, body
    )


@router.delete(
    "/workspaces/{workspace_id}/members/{user_id}",
    operation_id="removeMember",
    summary="Remove a member",
    status_code=204,
    response_description="Removed.",
    responses=problems(401, 403, 404, 409, 422),
)
async def remove_member(
    caller: Caller, database: Db, workspace_id: WorkspaceId, user_id: UserIdInPath
) -> Response:
    """Remove a member, or leave."""
    await database.run(members.remove_member, caller.id, workspace_id, user_id)
    return Response(status_code=204)
