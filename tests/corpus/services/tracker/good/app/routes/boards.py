"""Boards."""

from fastapi import APIRouter, Response

from app.auth import AuthenticatedRoute, Caller, Db
from app.problems import created, problems
from app.routes.params import BoardId, IdempotencyKey, Limit, Offset, ProjectId
from app.schemas import Board, BoardInput, BoardPage
from app.services import boards

router = APIRouter(tags=["boards"], route_class=AuthenticatedRoute)


@router.get(
    "/projects/{project_id}/boards",
    operation_id="listBoards",
    summary="List boards",
    responses=problems(401, 404, 422),
)
async def list_boards(
    caller: Caller,
    database: Db,
    project_id: ProjectId,
    limit: Limit = 50,
    offset: Offset = 0,
) -> BoardPage:
    """List the boards of the project, by name."""
    return await database.run(boards.list_boards, caller.id, project_id, limit, offset)


@router.post(
    "/projects/{project_id}/boards",
    operation_id="createBoard",
    summary="Create a board",
    status_code=201,
    responses={**created("The new board."), **problems(401, 403, 404, 409, 422)},
)
async def create_board(
    caller: Caller,
    database: Db,
    project_id: ProjectId,
    body: BoardInput,
    response: Response,
    idempotency_key: IdempotencyKey = None,
) -> Board:
    """Create a board in the project. For the owner and admins."""
    made = await database.run(
        boards.create_board, caller.id, project_id, body, idempotency_key
    )
    response.headers["Location"] = made.location
    return made.body


@router.get(
    "/boards/{board_id}",
    operation_id="getBoard",
    summary="Get a board",
    responses=problems(401, 404, 422),
)
async def get_board(caller: Caller, database: Db, board_id: BoardId) -> Board:
    """Give one board."""
    return await database.run(boards.get_board, caller.id, board_id)


@router.put(
    "/boards/{board_id}",
    operation_id="replaceBoard",
    summary="Replace a board",
    responses=problems(401, 403, 404, 409, 422),
)
async def replace_board(
    caller: Caller, database: Db, board_id: BoardId, body: BoardInput
) -> Board:
    """Rename the board. For the owner and admins of the workspace."""
    return await database.run(boards.replace_board, caller.id, board_id, body)


@router.delete(
    "/boards/{board_id}",
    operation_id="deleteBoard",
    summary="Delete a board",
    status_code=204,
    response_description="Deleted.",
    responses=problems(401, 403, 404, 422),
)
async def delete_board(caller: Caller, database: Db, board_id: BoardId) -> Response:
    """Delete the board and its tasks."""
    await database.run(boards.delete_board, caller.id, board_id)
    return Response(status_code=204)
