"""Labels."""

from fastapi import APIRouter, Response

from app.auth import AuthenticatedRoute, Caller, Db
from app.problems import created, problems
from app.routes.params import IdempotencyKey, LabelId, Limit, Offset, WorkspaceId
from app.schemas import Label, LabelInput, LabelPage
from app.services import labels

router = APIRouter(tags=["labels"], route_class=AuthenticatedRoute)


@router.get(
    "/workspaces/{workspace_id}/labels",
    operation_id="listLabels",
    summary="List labels",
    responses=problems(401, 404, 422),
)
async def list_labels(
    caller: Caller,
    database: Db,
    workspace_id: WorkspaceId,
    limit: Limit = 50,
    offset: Offset = 0,
) -> LabelPage:
    """List the labels of the workspace, by name."""
    return await database.run(
        labels.list_labels, caller.id, workspace_id, limit, offset
    )


@router.post(
    "/workspaces/{workspace_id}/labels",
    operation_id="createLabel",
    summary="Create a label",
    status_code=201,
    responses={**created("The new label."), **problems(401, 403, 404, 409, 422)},
)
async def create_label(
    caller: Caller,
    database: Db,
    workspace_id: WorkspaceId,
    body: LabelInput,
    response: Response,
    idempotency_key: IdempotencyKey = None,
) -> Label:
    """Create a label in the workspace. For its owner and admins."""
    made = await database.run(
        labels.create_label, caller.id, workspace_id, body, idempotency_key
    )
    response.headers["Location"] = made.location
    return made.body


@router.get(
    "/labels/{label_id}",
    operation_id="getLabel",
    summary="Get a label",
    responses=problems(401, 404, 422),
)
async def get_label(caller: Caller, database: Db, label_id: LabelId) -> Label:
    """Give one label."""
    return await database.run(labels.get_label, caller.id, label_id)


@router.put(
    "/labels/{label_id}",
    operation_id="replaceLabel",
    summary="Replace a label",
    responses=problems(401, 403, 404, 409, 422),
)
async def replace_label(
    caller: Caller, database: Db, label_id: LabelId, body: LabelInput
) -> Label:
    """Set name and color. For the owner and admins of the workspace."""
    return await database.run(labels.replace_label, caller.id, label_id, body)


@router.delete(
    "/labels/{label_id}",
    operation_id="deleteLabel",
    summary="Delete a label",
    status_code=204,
    response_description="Deleted.",
    responses=problems(401, 403, 404, 422),
)
async def delete_label(caller: Caller, database: Db, label_id: LabelId) -> Response:
    """Delete the label and take it off all tasks."""
    await database.run(labels.delete_label, caller.id, label_id)
    return Response(status_code=204)
