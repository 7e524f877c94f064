"""Comments."""

from fastapi import APIRouter, Response

from app.auth import AuthenticatedRoute, Caller, Db
from app.problems import created, problems
from app.routes.params import CommentId, IdempotencyKey, Limit, Offset, TaskId
from app.schemas import Comment, CommentInput, CommentPage
from app.services import comments

router = APIRouter(tags=["comments"], route_class=AuthenticatedRoute)


@router.get(
    "/tasks/{task_id}/comments",
    operation_id="listComments",
    summary="List comments",
    responses=problems(401, 404, 422),
)
async def list_comments(
    caller: Caller,
    database: Db,
    task_id: TaskId,
    limit: Limit = 50,
    offset: Offset = 0,
) -> CommentPage:
    """List the comments on the task, by id."""
    return await database.run(
        comments.list_comments, caller.id, task_id, limit, offset
    )


@router.post(
    "/tasks/{task_id}/comments",
    operation_id="createComment",
    summary="Create a comment",
    status_code=201,
    responses={**created("The new comment."), **problems(401, 404, 409, 422)},
)
async def create_comment(
    caller: Caller,
    database: Db,
    task_id: TaskId,
    body: CommentInput,
    response: Response,
    idempotency_key: IdempotencyKey = None,
) -> Comment:
    """Write a comment on the task in the caller's name."""
    made = await database.run(
        comments.create_comment, caller.id, task_id, body, idempotency_key
    )
    response.headers["Location"] = made.location
    return made.body


@router.get(
    "/comments/{comment_id}",
    operation_id="getComment",
    summary="Get a comment",
    responses=problems(401, 404, 422),
)
async def get_comment(caller: Caller, database: Db, comment_id: CommentId) -> Comment:
    """Give one comment."""
    return await database.run(comments.get_comment, caller.id, comment_id)


@router.put(
    "/comments/{comment_id}",
    operation_id="replaceComment",
    summary="Replace a comment",
    responses=problems(401, 403, 404, 422),
)
async def replace_comment(
    caller: Caller, database: Db, comment_id: CommentId, body: CommentInput
) -> Comment:
    """Set the text of the comment. For its author."""
    return await database.run(comments.replace_comment, caller.id, comment_id, body)


@router.delete(
    "/comments/{comment_id}",
    operation_id="deleteComment",
    summary="Delete a comment",
    status_code=204,
    response_description="Deleted.",
    responses=problems(401, 403, 404, 422),
)
async def delete_comment(
    caller: Caller, database: Db, comment_id: CommentId
) -> Response:
    """Delete the comment. For its author and the managers."""
    await database.run(comments.delete_comment, caller.id, comment_id)
    return Response(status_code=204)
