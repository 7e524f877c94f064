"""Registration, verification, sessions and roles over HTTP."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from app import accounts
from app.access import COOKIE, ModeratorWriter, SignedIn, Writer
from app.database import Db
from app.problems import declared
from app.schemas import BIGGEST_ID, Credentials, Health, Notice, Registration, RoleChange, Session, UserOut
from app.settings import get_settings

router = APIRouter()


@router.get("/health", operation_id="getHealth", tags=["health"], response_model=Health)
def health(db: Db) -> Health:
    """Whether the service reaches its database."""
    db.execute("SELECT 1")
    return Health(status="ok")


@router.post(
    "/users",
    operation_id="registerUser",
    tags=["accounts"],
    status_code=202,
    response_model=Notice,
    response_description="A mail was sent to the address.",
    responses=declared(409, 413, 415, 422),
)
def register(db: Db, wanted: Registration) -> Notice:
    """Register.

    The answer is the same whether or not the address has an account: the mail tells its owner.
    The account is usable once the link in the mail was opened.
    """
    accounts.register(db, wanted)
    return Notice(message="Look into your mail to go on.")


@router.get(
    "/verify",
    operation_id="verifyEmail",
    tags=["accounts"],
    response_model=Notice,
    responses=declared(400, 422),
)
def verify(db: Db, token: Annotated[str, Query(min_length=20, max_length=100, pattern=r"^[A-Za-z0-9_-]+$")]) -> Notice:
    """Verify the address by the link from the mail; it works once."""
    accounts.verify(db, token)
    return Notice(message="Your address is verified. You can sign in now.")


@router.post(
    "/session",
    operation_id="signIn",
    tags=["sessions"],
    status_code=204,
    response_description="Signed in; the session's cookie is set.",
    responses=declared(401, 403, 413, 415, 422, 429),
)
def sign_in(db: Db, given: Credentials) -> Response:
    """Sign in. After eight failures an address is refused for a quarter of an hour (429)."""
    token = accounts.log_in(db, given)
    response = Response(status_code=204)
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(timedelta(hours=get_settings().session_hours).total_seconds()),
        path="/",
        secure=True,
        httponly=True,
        samesite="lax",
    )
    return response


@router.get(
    "/session",
    operation_id="getSession",
    tags=["sessions"],
    response_model=Session,
    responses=declared(401),
)
def get_session(user: SignedIn) -> dict[str, object]:
    """Who is signed in, and the CSRF token of this session."""
    return {
        "user": {"id": user.id, "handle": user.handle, "role": user.role},
        "csrf_token": user.csrf_token,
        "expires_at": user.expires_at,
    }


@router.delete(
    "/session",
    operation_id="signOut",
    tags=["sessions"],
    status_code=204,
    responses=declared(401, 403, 422),
)
def sign_out(db: Db, user: Writer) -> Response:
    """End this session."""
    accounts.log_out(db, user.id, user.token)
    response = Response(status_code=204)
    response.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="lax")
    return response


@router.put(
    "/users/{user_id}/role",
    operation_id="setUserRole",
    tags=["accounts"],
    response_model=UserOut,
    responses=declared(401, 403, 404, 409, 413, 415, 422),
)
def set_role(
    db: Db, user: ModeratorWriter, user_id: Annotated[int, Path(ge=1, le=BIGGEST_ID)], change: RoleChange
) -> object:
    """Give a user a role (moderators only)."""
    return dict(accounts.set_role(db, user.id, user_id, change.role))
