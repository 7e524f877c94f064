"""Registration, login and the list of users."""

from app.database import transaction
from app.errors import UnauthorizedError
from app.repositories import users
from app.schemas import LoginRequest, RegisterRequest, Token, User, UserPage
from app.security import (
    TOKEN_LIFE_SECONDS,
    Caller,
    hash_password,
    issue_token,
    verify_password,
)
from app.services.rights import require_admin


def register(body: RegisterRequest) -> User:
    """Create a customer; a taken e-mail violates its unique index."""
    password_hash = hash_password(body.password)
    with transaction() as session:
        return User.model_validate(users.add(session, body.email, password_hash))


def login(body: LoginRequest) -> Token:
    """Exchange credentials for a token; the hash is verified without a connection."""
    user_id: int | None = None
    stored: str | None = None
    with transaction() as session:
        row = users.find_by_email(session, body.email)
        if row is not None:
            user_id, stored = row.id, row.password_hash
    matches = verify_password(body.password, stored)
    if user_id is None or not matches:
        raise UnauthorizedError("The e-mail or the password is wrong.")
    return Token.model_validate(
        {
            "access_token": issue_token(user_id),
            "token_type": "Bearer",
            "expires_in": TOKEN_LIFE_SECONDS,
        }
    )


def me(caller: Caller) -> User:
    """Return the caller's account."""
    return User.model_validate(caller)


def list_users(caller: Caller, limit: int, offset: int) -> UserPage:
    """List all users."""
    require_admin(caller)
    with transaction() as session:
        rows = users.page(session, limit, offset)
        items = [User.model_validate(row) for row in rows]
    return UserPage(items=items, limit=limit, offset=offset)
