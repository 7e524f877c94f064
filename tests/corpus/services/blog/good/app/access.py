"""Who is asking: the session's cookie, the CSRF token, the role."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header, Security
from fastapi.security import APIKeyCookie

from app.database import Db, moment
from app.problems import Refusal
from app.schemas import Role
from app.tokens import keyed, same

COOKIE = "blog_session"
_cookie = APIKeyCookie(
    name=COOKIE,
    scheme_name="sessionCookie",
    description="Set by POST /session. Unsafe requests also send the header X-CSRF-Token, from GET /session.",
    auto_error=False,
)
Cookie = Annotated[str | None, Security(_cookie)]


@dataclass(frozen=True)
class User:
    """Who is signed in, and by which session."""

    id: int
    handle: str
    role: Role
    token: str
    expires_at: str

    @property
    def csrf_token(self) -> str:
        """Belongs to this session alone."""
        return keyed("csrf", self.token)


def anyone(db: Db, cookie: Cookie) -> User | None:
    """The user of a valid session, or None."""
    if not cookie or len(cookie) > 100:
        return None
    row = db.execute(
        "SELECT u.id, u.handle, u.role, s.expires_at FROM sessions s JOIN users u ON u.id = s.user_id"
        " WHERE s.token_key = ? AND s.expires_at > ?",
        (keyed("session", cookie), moment()),
    ).fetchone()
    return User(row["id"], row["handle"], Role(row["role"]), cookie, row["expires_at"]) if row else None


Anyone = Annotated[User | None, Depends(anyone)]


def signed_in(user: Anyone) -> User:
    """The user, or 401."""
    if user is None:
        raise Refusal(401, "Sign in first.")
    return user


SignedIn = Annotated[User, Depends(signed_in)]


def writer(
    user: SignedIn,
    x_csrf_token: Annotated[str | None, Header(max_length=200, description="The session's `csrf_token`.")] = None,
) -> User:
    """The user of a request that changes something and carries the session's CSRF token."""
    if x_csrf_token is None or not same(x_csrf_token, user.csrf_token):
        raise Refusal(403, "The header X-CSRF-Token is missing or not this session's.")
    return user


Writer = Annotated[User, Depends(writer)]


def writer_with(*roles: Role) -> Callable[[User], User]:
    """Only these roles."""

    def check(user: Writer) -> User:
        if user.role not in roles:
            raise Refusal(403, "Your role may not do this.")
        return user

    return check


AuthorWriter = Annotated[User, Depends(writer_with(Role.AUTHOR, Role.MODERATOR))]
ModeratorWriter = Annotated[User, Depends(writer_with(Role.MODERATOR))]
