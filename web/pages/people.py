"""People, for administrators: add, give roles, lock out, give a new password."""

from __future__ import annotations

import secrets
from typing import Annotated, Any

from fastapi import APIRouter, Form, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse

from assistant.errors import UsageError
from web.accounts import Person, Role
from web.auth import Admin, Visitor, accounts_of, hashing
from web.pages.account import at
from web.site import site_of

router = APIRouter(prefix="/people")


@router.get("")
async def page(request: Request, visitor: Admin) -> Response:
    """Everybody."""
    return await _page(request, visitor)


@router.post("")
async def add(
    request: Request,
    visitor: Admin,
    name: Annotated[str, Form(max_length=64)] = "",
    role: Annotated[Role, Form()] = Role.VIEWER,
) -> Response:
    """A new account, with a password that is shown on this answer alone."""
    _refuse_local(visitor)
    password = _password()
    try:
        person = await hashing(accounts_of(request).people.add, name, password, role)
    except UsageError as error:
        return await _page(request, visitor, 400, problem=str(error), name=name)
    return await _page(request, visitor, made=(person.name, password))


@router.post("/{name}/role")
async def set_role(
    request: Request, visitor: Admin, name: str, role: Annotated[Role, Form()] = Role.VIEWER
) -> Response:
    """Give a person a role."""
    return await _changed(request, visitor, name, "set_role", role)


@router.post("/{name}/disable")
async def disable(request: Request, visitor: Admin, name: str) -> Response:
    """Lock a person out; their sessions end."""
    return await _changed(request, visitor, name, "set_disabled", True)


@router.post("/{name}/enable")
async def enable(request: Request, visitor: Admin, name: str) -> Response:
    """Let a person in again."""
    return await _changed(request, visitor, name, "set_disabled", False)


@router.post("/{name}/password")
async def new_password(request: Request, visitor: Admin, name: str) -> Response:
    """A new password for whoever forgot theirs, shown on this answer alone; their sessions end."""
    person, password = await _found(request, name), _password()
    if visitor.person is not None and visitor.person.id == person.id:
        return await _page(request, visitor, 400, problem="Change your own password under Account.")
    await hashing(accounts_of(request).people.set_password, person.name, password)
    return await _page(request, visitor, made=(person.name, password))


def _password() -> str:
    """A password to begin with: 120 random bits in groups that can be read out."""
    letters = "abcdefghijkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(6)) for _ in range(4))


def _refuse_local(visitor: Visitor) -> None:
    """The first account is made by its owner, who then signs in."""
    if visitor.local:
        raise HTTPException(400, "There are no accounts yet: make the first one at /setup.")


async def _changed(request: Request, visitor: Visitor, name: str, change: str, value: Any) -> Response:
    """Change a person, and back to all of them."""
    person = await _found(request, name)
    try:
        await run_in_threadpool(getattr(accounts_of(request).people, change), person.name, value)
    except UsageError as error:
        return await _page(request, visitor, 400, problem=str(error))
    return RedirectResponse("/people", 303)


async def _found(request: Request, name: str) -> Person:
    """The person of a name; 404 where there is none."""
    try:
        return await run_in_threadpool(accounts_of(request).people.find, name)
    except UsageError:
        raise HTTPException(404) from None


async def _page(request: Request, visitor: Visitor, status: int = 200, **values: Any) -> Response:
    """The page."""
    people = await run_in_threadpool(accounts_of(request).people.all)
    shown = {"problem": "", "made": None, "name": "", "people": people, "roles": list(Role), "at": at, **values}
    return site_of(request).pages.page(request, "people.html", visitor=visitor, status=status, **shown)
