"""Accounts, tokens and roles."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Path, Response, Security
from pydantic import Field, StringConstraints
from sqlalchemy import text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql import select

from app.platform.database import Account, Db, new_id
from app.platform.fields import Id, Input, Output
from app.platform.problems import Conflict, Missing, TooMany, Unauthenticated, Unprocessable, raises
from app.platform.tokens import GRANTED, SECONDS, Principal, hash_password, issue, password_fits, principal

router = APIRouter(tags=["accounts"])
FAILURES = 8
WINDOW = timedelta(minutes=15)
Username = Annotated[str, StringConstraints(min_length=3, max_length=32, pattern=r"^[a-z][a-z0-9_-]*$")]


class Role(StrEnum):
    """What an account may do."""

    ATTENDEE = "attendee"
    ORGANISER = "organiser"
    ADMIN = "admin"


class AccountInput(Input):
    """A new account."""

    username: Username
    password: str = Field(min_length=10, max_length=128)


class TokenForm(Input):
    """The form of the password grant (RFC 6749, 4.3.2)."""

    grant_type: Literal["password"]
    username: Username
    password: str = Field(min_length=1, max_length=128)
    scope: str = Field(default="", max_length=200, pattern=r"^([a-z:]+( [a-z:]+)*)?$")


class RoleInput(Input):
    """A role to give."""

    role: Role


class AccountOut(Output):
    """An account."""

    id: Id
    username: Username
    role: Role
    created_at: datetime


class TokenOut(Output):
    """An access token (RFC 6749, 5.1)."""

    access_token: str = Field(max_length=1000)
    token_type: str = Field(max_length=10)
    expires_in: int = Field(ge=1, le=86_400)
    scope: str = Field(max_length=200)


@router.post(
    "/accounts",
    operation_id="registerAccount",
    status_code=201,
    response_model=AccountOut,
    responses={
        201: {"headers": {"Location": {"description": "The account.", "schema": {"type": "string"}}}},
        **raises(409, 413, 415, 422),
    },
)
async def register(db: Db, given: AccountInput, response: Response) -> object:
    """Make an account of an attendee."""
    hashed = await hash_password(given.password)
    row = await db.scalar(
        insert(Account)
        .values(id=new_id(), username=given.username, password_hash=hashed)
        .on_conflict_do_nothing(index_elements=["username"])
        .returning(Account)
    )
    if row is None:
        raise Conflict("This username is taken", cause="username-taken")
    await db.commit()
    response.headers["Location"] = "/account"
    return row


@router.post(
    "/oauth/token",
    operation_id="issueToken",
    response_model=TokenOut,
    responses=raises(401, 413, 415, 422, 429),
)
async def token(db: Db, form: Annotated[TokenForm, Form()]) -> TokenOut:
    """Change a username and a password for a token.

    Without `scope` it has every scope of the account's role. After eight failures a username
    is refused for a quarter of an hour.
    """
    await _count(db, form.username)
    account = await db.scalar(select(Account).where(Account.username == form.username))
    if not await password_fits(form.password, account.password_hash if account else None) or account is None:
        raise Unauthenticated("Username or password is wrong", "invalid_grant")
    granted = GRANTED[account.role]
    wanted = form.scope.split() or list(granted)
    if not set(wanted) <= set(granted):
        raise Unprocessable("The account cannot have these scopes", cause="invalid-scope")
    await db.execute(text("DELETE FROM login_failures WHERE username = :name"), {"name": form.username})
    await db.commit()
    scopes = list(dict.fromkeys(wanted))
    return TokenOut(
        access_token=issue(account, scopes),
        token_type="Bearer",  # noqa: S106 - a scheme's name
        expires_in=SECONDS,
        scope=" ".join(scopes),
    )


COUNT = text("""
INSERT INTO login_failures AS f (username, failures) VALUES (:name, 1)
ON CONFLICT (username) DO UPDATE SET
    failures = CASE WHEN f.started_at < now() - cast(:window AS interval) THEN 1 ELSE least(f.failures + 1, 1000) END,
    started_at = CASE WHEN f.started_at < now() - cast(:window AS interval) THEN now() ELSE f.started_at END
RETURNING failures
""")


async def _count(db: AsyncSession, username: str) -> None:
    """Count a login before its password is looked at, and commit it. Raises 429 above the limit."""
    window = {"window": WINDOW}
    failures = (await db.execute(COUNT, {"name": username, **window})).scalar_one()
    await db.commit()
    if failures > FAILURES:
        wait = str(int(WINDOW.total_seconds()))
        raise TooMany("Too many failed logins; try again later", headers={"Retry-After": wait})


@router.get("/account", operation_id="getAccount", response_model=AccountOut, responses=raises(401, 403))
async def own(db: Db, me: Annotated[Principal, Security(principal, scopes=["orders:read"])]) -> object:
    """One's own account."""
    return await db.get(Account, me.id)


@router.put(
    "/accounts/{account_id}/role",
    operation_id="setRole",
    response_model=AccountOut,
    responses=raises(401, 403, 404, 409, 413, 415, 422),
)
async def set_role(
    db: Db,
    me: Annotated[Principal, Security(principal, scopes=["accounts:admin"])],
    account_id: Annotated[Id, Path()],
    given: RoleInput,
) -> object:
    """Give an account a role (administrators only); its tokens end."""
    if account_id == me.id:
        raise Conflict("Nobody changes their own role", cause="own-role")
    row = await db.scalar(
        update(Account)
        .where(Account.id == account_id)
        .values(role=given.role.value, token_version=Account.token_version + 1)
        .returning(Account)
    )
    if row is None:
        raise Missing("There is no such account")
    await db.commit()
    return row
