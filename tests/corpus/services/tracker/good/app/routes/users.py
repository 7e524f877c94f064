"""The caller."""

from fastapi import APIRouter

from app.auth import AuthenticatedRoute, Caller
from app.problems import problems
from app.schemas import User

router = APIRouter(tags=["users"], route_class=AuthenticatedRoute)


@router.get("/me", operation_id="getMe", summary="The caller", responses=problems(401))
async def get_me(caller: Caller) -> User:
    """Give the user that the token stands for."""
    return caller
