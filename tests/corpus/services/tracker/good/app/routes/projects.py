"""Projects."""

from fastapi import APIRouter, Response

from app.auth import AuthenticatedRoute, Caller, Db
from app.problems import created, problems
from app.routes.params import (
    IdempotencyKey,
    Limit,
    Offset,
    ProjectId,
    WorkspaceId,
)
from app.schemas import Project, ProjectCreate, ProjectPage, ProjectReplace
from app.services import projects

router = APIRouter(tags=["projects"], route_class=AuthenticatedRoute)


@router.get(
    "/workspaces/{workspace_id}/projects",
    operation_id="listProjects",
    summary="List projects",
    responses=problems(401, 404, 422),
)
async def list_projects(
    caller: Caller,
    database: Db,
    workspace_id: WorkspaceId,
    limit: Limit = 50,
    offset: Offset = 0,
) -> ProjectPage:
    """List the projects of the workspace, by name."""
    return await database.run(
        projects.list_projects, caller.id, workspace_id, limit, offset
    )


@router.post(
    "/workspaces/{workspace_id}/projects",
    operation_id="createProject",
    summary="Create a project",
    status_code=201,
    responses={**created("The new project."), **problems(401, 403, 404, 409, 422)},
)
async def create_project(
    caller: Caller,
    database: Db,
    workspace_id: WorkspaceId,
    body: ProjectCreate,
    response: Response,
    idempotency_key: IdempotencyKey = None,
) -> Project:
    """Create a project in the workspace. For its owner and admins."""
    made = await database.run(
        projects.create_project, caller.id, workspace_id, body, idempotency_key
    )
    response.headers["Location"] = made.location
    return made.body


@router.get(
    "/projects/{project_id}",
    operation_id="getProject",
    summary="Get a project",
    responses=problems(401, 404, 422),
)
async def get_project(caller: Caller, database: Db, project_id: ProjectId) -> Project:
    """Give one project."""
    return await database.run(projects.get_project, caller.id, project_id)


@router.put(
    "/projects/{project_id}",
    operation_id="replaceProject",
    summary="Replace a project",
    responses=problems(401, 403, 404, 409, 422),
)
async def replace_project(
    caller: Caller, database: Db, project_id: ProjectId, body: ProjectReplace
) -> Project:
    """Set name and description. For the owner and admins of the workspace."""
    return await database.run(projects.replace_project, caller.id, project_id, body)


@router.delete(
    "/projects/{project_id}",
    operation_id="deleteProject",
    summary="Delete a project",
    status_code=204,
    response_description="Deleted.",
    responses=problems(401, 403, 404, 422),
)
async def delete_project(
    caller: Caller, database: Db, project_id: ProjectId
) -> Response:
    """Delete the project, its boards and their tasks."""
    await database.run(projects.delete_project, caller.id, project_id)
    return Response(status_code=204)
