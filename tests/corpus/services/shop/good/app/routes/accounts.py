"""Registration, login and users."""

from fastapi import APIRouter

from app.routes.common import (
    BEARER,
    AuthenticatedRoute,
    CurrentCaller,
    Limit,
    Offset,
    refusals,
)
from app.schemas import LoginRequest, RegisterRequest, Token, User, UserPage
from app.services import accounts

public = APIRouter(tags=["Auth"])
secured = APIRouter(
    tags=["Users"], route_class=AuthenticatedRoute, dependencies=[BEARER]
)


@public.post(
    "/auth/register",
    operation_id="registerUser",
    status_code=201,
    responses=refusals(409, 422),
)
def register_user(body: RegisterRequest) -> User:
    """Create a customer account. The e-mail must be free, whatever its case."""
    return accounts.register(body)


@public.post("/auth/login", operation_id="loginUser", responses=refusals(401, 422))
def login_user(body: LoginRequest) -> Token:
    """Exchange e-mail and password for a bearer token."""
    return accounts.login(body)


@secured.get("/users/me", operation_id="getCurrentUser", responses=refusals(401))
def get_current_user(caller: CurrentCaller) -> User:
    """Return the account that the token names."""
    return accounts.me(caller)


@secured.get(
    "/admin/users",
    operation_id="adminListUsers",
    responses=refusals(401, 403, 422),
)
def admin_list_users(
    caller: CurrentCaller, limit: Limit = 20, offset: Offset = 0
) -> UserPage:
    """List all users, by ascending id. Administrators only."""
    return accounts.list_users(caller, limit, offset)
