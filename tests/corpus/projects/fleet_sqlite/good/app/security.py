import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from fastapi import Depends, Request, Security
from fastapi.security import APIKeyCookie, APIKeyHeader
from sqlalchemy import or_, select

from app.clock import utc_now
from app.database import Sessions
from app.errors import ApiError
from app.models import ApiKey, LoginSession, RoleCode, User

SESSION_COOKIE = "fleet_session"

api_key_header = APIKeyHeader(
    name="X-API-Key", scheme_name="apiKey", auto_error=False, description="For machines; has one role."
)
session_cookie = APIKeyCookie(
    name=SESSION_COOKIE, scheme_name="session", auto_error=False, description="Set by `logIn`, for people."
)

password_hasher = PasswordHasher()
# Verified when there is no such user, so that the answer takes as long.
UNKNOWN_USER_HASH = password_hasher.hash(secrets.token_urlsafe(16))


def new_token() -> str:
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """Tokens are random and long: a plain hash keeps them safe at rest."""
    return hashlib.sha256(token.encode()).hexdigest()


def password_fits(stored: str, given: str) -> bool:
    try:
        return password_hasher.verify(stored, given)
    except VerifyMismatchError:
        return False


@dataclass(frozen=True)
class Principal:
    roles: frozenset[RoleCode]
    user_id: int | None = None


def get_sessions(request: Request) -> Sessions:
    return request.app.state.sessions


SessionsDep = Annotated[Sessions, Depends(get_sessions)]

UNAUTHENTICATED = ("unauthenticated", "A valid API key or session is needed.")


def find_login(sessions: Sessions, token: str) -> LoginSession | None:
    with sessions.read() as db:
        return db.scalar(
            select(LoginSession)
            .join(LoginSession.user)
            .where(
                LoginSession.token_hash == token_hash(token),
                LoginSession.expires_at > utc_now(),
                User.is_active == True,  # noqa: E712
            )
        )


def authenticate(
    sessions: SessionsDep,
    key: Annotated[str | None, Security(api_key_header)],
    cookie: Annotated[str | None, Security(session_cookie)],
) -> Principal:
    if key is not None:
        with sessions.read() as db:
            api_key = db.scalar(
                select(ApiKey).where(
                    ApiKey.key_hash == token_hash(key),
                    ApiKey.revoked_at.is_(None),
                    or_(ApiKey.expires_at.is_(None), ApiKey.expires_at > utc_now()),
                )
            )
        if api_key is not None:
            return Principal(frozenset({api_key.role_code}))
    elif cookie is not None:
        login = find_login(sessions, cookie)
        if login is not None:
            with sessions.read() as db:
                user = db.get_one(User, login.user_id)
                return Principal(frozenset(role.code for role in user.roles), user.id)
    raise ApiError(401, *UNAUTHENTICATED)


def current_login(
    sessions: SessionsDep, cookie: Annotated[str | None, Security(session_cookie)]
) -> LoginSession:
    login = find_login(sessions, cookie) if cookie is not None else None
    if login is None:
        raise ApiError(401, *UNAUTHENTICATED)
    return login


def requires(*roles: RoleCode) -> Callable[[Principal], Principal]:
    allowed = frozenset(roles)

    def check(principal: Annotated[Principal, Depends(authenticate)]) -> Principal:
        if not principal.roles & allowed:
            raise ApiError(403, "forbidden", "Your role does not allow this.")
        return principal

    return check


CurrentLogin = Annotated[LoginSession, Depends(current_login)]
AsAnyRole = Annotated[Principal, Depends(requires(*RoleCode))]
AsAdministrator = Annotated[Principal, Depends(requires(RoleCode.ADMINISTRATOR))]
AsDispatcher = Annotated[Principal, Depends(requires(RoleCode.ADMINISTRATOR, RoleCode.DISPATCHER))]
AsMechanic = Annotated[Principal, Depends(requires(RoleCode.ADMINISTRATOR, RoleCode.MECHANIC))]
AsStaff = Annotated[
    Principal, Depends(requires(RoleCode.ADMINISTRATOR, RoleCode.DISPATCHER, RoleCode.MECHANIC))
]
