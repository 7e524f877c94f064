"""Projects."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.models import ProjectRow
from app.repositories import lists, visible
from app.repositories.base import Lock, delete_row, insert_row
from app.schemas import Project, ProjectCreate, ProjectPage, ProjectReplace
from app.services.access import enter, found, hold
from app.services.creation import Created, Creation


async def list_projects(
    session: AsyncSession, caller: UUID, workspace_id: int, limit: int, offset: int
) -> ProjectPage:
    """List the projects of a workspace."""
    found(await visible.workspace_place(session, caller, workspace_id))
    rows, total = await lists.list_projects(session, workspace_id, limit, offset)
    return ProjectPage(
        items=[Project.model_validate(row[0]) for row in rows], total=total
    )


async def create_project(
    session: AsyncSession,
    caller: UUID,
    workspace_id: int,
    data: ProjectCreate,
    key: str | None,
) -> Created[Project]:
    """Create a project in a workspace."""
    place = found(await visible.workspace_place(session, caller, workspace_id))
    standing = await enter(session, caller, place, key=key)
    standing.require_manager()
    path = f"/workspaces/{workspace_id}/projects"
    creation = Creation.of(caller, key, path, data)
    replayed = await creation.replay(session, Project)
    if replayed is not None:
        return replayed
    row = await insert_row(
        session,
        ProjectRow,
        workspace_id=workspace_id,
        name=data.name,
        description=data.description,
    )
    return await creation.finish(
        session, Project.model_validate(row), f"/projects/{row.id}"
    )


async def get_project(session: AsyncSession, caller: UUID, project_id: int) -> Project:
    """Get a project."""
    row = found(await visible.find_project(session, caller, project_id))
    return Project.model_validate(row)


async def replace_project(
    session: AsyncSession, caller: UUID, project_id: int, data: ProjectReplace
) -> Project:
    """Set name and description of a project."""
    place = found(await visible.project_place(session, caller, project_id))
    standing = await enter(session, caller, place)
    row = await hold(session, ProjectRow, project_id, Lock.UPDATE)
    standing.require_manager()
    row.name = data.name
    row.description = data.description
    await session.flush()
    return Project.model_validate(row)


async def delete_project(session: AsyncSession, caller: UUID, project_id: int) -> None:
    """Delete a project with its boards and their tasks."""
    place = found(await visible.project_place(session, caller, project_id))
    standing = await enter(session, caller, place)
    row = await hold(session, ProjectRow, project_id, Lock.UPDATE)
    standing.require_manager()
    await delete_row(session, row)
