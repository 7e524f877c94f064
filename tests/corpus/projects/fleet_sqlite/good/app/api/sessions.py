from datetime import timedelta
from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy import delete, select

from app.api.deps import WriteSession
from app.clock import utc_now
from app.config import Settings
from app.errors import ApiError, may_fail
from app.models import LoginSession, User
from app.schemas import Credentials, CurrentUser
from app.security import (
    SESSION_COOKIE,
    UNKNOWN_USER_HASH,
    CurrentLogin,
    SessionsDep,
    new_token,
    password_fits,
    token_hash,
)

router = APIRouter(prefix="/sessions", tags=["Sessions"])


def cookie_options(settings: Settings) -> dict[str, Any]:
    return {
        "httponly": True,
        "secure": settings.session_cookie_secure,
        "samesite": "strict",
        "path": "/v1",
    }


@router.post(
    "",
    operation_id="logIn",
    response_description="Who has logged in.",
    summary="Log in with e-mail address and password",
    description="Sets the session cookie. After repeated failures the account pauses for a while.",
    status_code=201,
    response_model=CurrentUser,
    responses={
        201: {
            "headers": {
                "Set-Cookie": {
                    "description": "The session, out of reach of scripts.",
                    "schema": {"type": "string"},
                }
            }
        },
        **may_fail(401, 422),
    },
)
def log_in(body: Credentials, request: Request, response: Response, sessions: SessionsDep) -> Any:
    settings: Settings = request.app.state.settings
    refusal = ApiError(401, "wrong_credentials", "The e-mail address or the password is wrong.")
    now = utc_now()

    with sessions.read() as db:
        user = db.scalar(select(User).where(User.email == body.email.lower()))
    # Outside any transaction: hashing is slow on purpose.
    fits = password_fits(user.password_hash if user else UNKNOWN_USER_HASH, body.password)
    if user is None:
        raise refusal

    token = new_token()
    with sessions.write() as db, db.begin():
        user = db.get_one(User, user.id)
        paused = user.locked_until is not None and user.locked_until > now
        admitted = fits and user.is_active and not paused
        if admitted:
            user.failed_login_count, user.locked_until = 0, None
            expires_at = now + timedelta(hours=settings.session_hours)
            db.execute(
                delete(LoginSession).where(
                    LoginSession.user_id == user.id, LoginSession.expires_at <= now
                )
            )
            db.add(
                LoginSession(
                    user_id=user.id, token_hash=token_hash(token), created_at=now, expires_at=expires_at
                )
            )
        elif not paused:
            user.failed_login_count += 1
            if user.failed_login_count >= settings.login_max_failures:
                user.failed_login_count = 0
                user.locked_until = now + timedelta(minutes=settings.login_pause_minutes)
        roles = [role.code for role in user.roles]
    if not admitted:
        raise refusal

    response.set_cookie(
        SESSION_COOKIE, token, max_age=settings.session_hours * 3600, **cookie_options(settings)
    )
    return {"id": user.id, "email": user.email, "display_name": user.display_name, "roles": roles}


@router.delete(
    "/current",
    operation_id="logOut",
    response_description="The session is over.",
    summary="End the session",
    status_code=204,
    responses=may_fail(401),
)
def log_out(request: Request, response: Response, login: CurrentLogin, db: WriteSession) -> None:
    db.execute(delete(LoginSession).where(LoginSession.id == login.id))
    response.delete_cookie(SESSION_COOKIE, **cookie_options(request.app.state.settings))
