"""The caller, and the caller's own tokens."""

from __future__ import annotations

import datetime
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Path, Request, Response
from pydantic import BaseModel, Field

from web.accounts import Person, Role, tokens
from web.api.caller import Viewer
from web.api.models import EXAMPLE_ID, ULID, Id, Sent
from web.api.paging import DEFAULT, MOST, Cursor, Limit, Next, cursor_of, place_of
from web.api.problems import errors
from web.auth import accounts_of

router = APIRouter()

TokenId = Annotated[str, Path(pattern=ULID, description="The token's id.", examples=[EXAMPLE_ID])]


class Me(BaseModel):
    """Who calls."""

    name: str = Field(description="The person's name.", examples=["ann"])
    role: Role = Field(description="What this token may.")
    expires: datetime.datetime = Field(description="When this token ends.")


class NewToken(Sent):
    """A token to be made."""

    name: str = Field(
        min_length=1,
        max_length=64,
        pattern=r"^[^\x00-\x20\x7f-\xa0]([^\x00-\x1f\x7f-\x9f]*[^\x00-\x20\x7f-\xa0])?$",
        description="What it is for.",
        examples=["nightly build"],
    )
    role: Annotated[Role, Field(strict=False)] = Field(
        default=Role.VIEWER, description="What it may: not more than this token."
    )
    days: int = Field(
        default=tokens.DAYS_DEFAULT,
        ge=1,
        le=tokens.DAYS_MOST,
        description="How long it holds; it ends with this token at the latest.",
    )


class Token(BaseModel):
    """A token, without its text."""

    id: Id
    name: str = Field(description="What it is for.")
    role: Role = Field(description="What it may.")
    created: datetime.datetime = Field(description="When it was made.")
    expires: datetime.datetime = Field(description="When it ends.")
    used: datetime.datetime | None = Field(description="When it was last used, to the minute; null for never.")

    @classmethod
    def of(cls, token: tokens.Token) -> Token:
        """From the accounts."""
        return cls(**_shown(token))


class MadeToken(Token):
    """A token that was made just now."""

    text: str = Field(description="The token itself: what to send. It is told this once.", max_length=100)


class TokenPage(BaseModel):
    """A page of tokens, in the order in which they were made."""

    items: list[Token] = Field(max_length=MOST, description="The tokens.")
    next: Next


@router.get("/me", operation_id="getMe", summary="Get the caller", tags=["me"])
def get_me(request: Request, caller: Viewer) -> Me:
    """Whose token this is, and what it may."""
    return Me(name=caller.person.name, role=caller.role, expires=_time(caller.expires))


@router.get("/tokens", operation_id="listTokens", summary="List one's own tokens", tags=["tokens"])
def list_tokens(request: Request, caller: Viewer, cursor: Cursor = None, limit: Limit = DEFAULT) -> TokenPage:
    """The caller's tokens that hold, in the order in which they were made."""
    after = place_of("tokens", cursor)
    found = accounts_of(request).tokens.of(caller.person, after=after, limit=limit + 1)
    more = cursor_of("tokens", found[limit - 1].id) if len(found) > limit else None
    return TokenPage(items=[Token.of(each) for each in found[:limit]], next=more)


@router.post(
    "/tokens",
    operation_id="createToken",
    summary="Make a token",
    status_code=201,
    tags=["tokens"],
    responses=errors(403, 409),
)
def create_token(request: Request, response: Response, caller: Viewer, body: NewToken) -> MadeToken:
    """A new token for the caller; its text is in this answer alone."""
    if not caller.role.may(body.role):
        raise HTTPException(403, f"A token of the role {caller.role.value} makes none of the role {body.role.value}.")
    store = accounts_of(request).tokens
    if len(store.of(caller.person)) >= tokens.MOST:
        raise HTTPException(409, f"One person has at most {tokens.MOST} tokens: revoke one that is not used.")
    made, text = store.make(caller.person, body.name, body.role, body.days, until=caller.expires)
    response.headers["Location"] = f"/api/v1/tokens/{made.id}"
    return MadeToken(**_shown(made), text=text)


@router.get(
    "/tokens/{token}",
    operation_id="getToken",
    summary="Get one of one's own tokens",
    tags=["tokens"],
    responses=errors(404),
)
def get_token(request: Request, caller: Viewer, token: TokenId) -> Token:
    """A token, without its text."""
    return Token.of(_own(request, caller.person, token))


@router.delete(
    "/tokens/{token}",
    operation_id="revokeToken",
    summary="Revoke one of one's own tokens",
    status_code=204,
    tags=["tokens"],
    responses=errors(403, 404),
)
def revoke_token(request: Request, caller: Viewer, token: TokenId) -> None:
    """End a token at once; one of a higher role than the caller's cannot be ended by it."""
    found = _own(request, caller.person, token)
    if not caller.role.may(found.role):
        raise HTTPException(403, f"This token is {found.role.value}, and yours is {caller.role.value}.")
    if not accounts_of(request).tokens.revoke(caller.person, token):
        raise HTTPException(404, "There is no such token.")


def _own(request: Request, person: Person, token: str) -> tokens.Token:
    """The person's token of an id. Raises HTTPException (404)."""
    found = accounts_of(request).tokens.get(person, token)
    if found is None:
        raise HTTPException(404, "There is no such token.")
    return found


def _shown(token: tokens.Token) -> dict[str, Any]:
    """A token's fields, with times as times."""
    used = _time(token.used) if token.used is not None else None
    head = {"id": token.id, "name": token.name, "role": token.role}
    return {**head, "created": _time(token.created), "expires": _time(token.expires), "used": used}


def _time(seconds: float) -> datetime.datetime:
    """A time in seconds since 1970, in UTC."""
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC)
