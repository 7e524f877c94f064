"""Workspaces."""

from fastapi import APIRouter, Response

from app.auth import AuthenticatedRoute, Caller, Db
from app.problems import created, problems
from app.routes.params import IdempotencyKey, Limit, Offset, WorkspaceId
from app.schemas import Workspace, WorkspaceInput, WorkspacePage
from app.services import workspaces

router = APIRouter(tags=["workspaces"], route_class=AuthenticatedRoute)


@router.get(
    "/workspaces",
    operation_id="listWorkspaces",
    summary="List workspaces",
    responses=problems(401, 422),
)
async def list_workspaces(
    caller: Caller, database: Db, limit: Limit = 50, offset: Offset = 0
) -> WorkspacePage:
    """List the workspaces that the caller is a member of, by id."""
    return await database.run(workspaces.list_workspaces, caller.id, limit, offset)


@router.post(
    "/workspaces",
    operation_id="createWorkspace",
    summary="Create a workspace",
    status_code=201,
    responses={**created("The new workspace."), **problems(401, 409, 422)},
)
async def create_workspace(
    caller: Caller,
    database: Db,
    body: WorkspaceInput,
    response: Response,
    idempotency_key: IdempotencyKey = None,
) -> Workspace:
    """Create a workspace. The caller becomes its owner."""
    made = await database.run(
        workspaces.create_workspace, caller.id, body, idempotency_key
    )
    response.headers["Location"] = made.location
    return made.body


@router.get(
    "/workspaces/{workspace_id}",
    operation_id="getWorkspace",
    summary="Get a workspace",
    responses=problems(401, 404, 422),
)
async def get_workspace(
    caller: Caller, database: Db, workspace_id: WorkspaceId
) -> Workspace:
    """Give a workspace that the caller is a member of."""
    return await database.run(workspaces.get_workspace, caller.id, workspace_id)


@router.put(
    "/workspaces/{workspace_id}",
    operation_id="replaceWorkspace",
    summary="Replace a workspace",
    responses=problems(401, 403, 404, 422),
)
async def replace_workspace(
    caller: Caller, database: Db, workspace_id: WorkspaceId, body: WorkspaceInput
) -> Workspace:
    """Rename the workspace. For its owner and admins."""
    return await database.run(
        workspaces.replace_workspace, caller.id, workspace_id, body
    )


@router.delete(
    "/workspaces/{workspace_id}",
    operation_id="deleteWorkspace",
    summary="Delete a workspace",
    status_code=204,
    response_description="Deleted.",
    responses=problems(401, 403, 404, 422),
)
async def delete_workspace(
    caller: Caller, database: Db, workspace_id: WorkspaceId
) -> Response:
    """Delete the workspace and all that is in it. For its owner."""
    await database.run(workspaces.delete_workspace, caller.id, workspace_id)
    return Response(status_code=204)
