from __future__ import annotations

import jwt
from flask import current_app, g, request

from app.context import Context
from app.converters import MAX_ID
from app.db import unit_of_work
from app.errors import Forbidden, Unauthorized

ANY_ROLE = ("owner", "admin", "sales", "billing", "viewer")
SALES_ROLES = ("owner", "admin", "sales")
BILLING_ROLES = ("owner", "admin", "billing")
ADMIN_ROLES = ("owner", "admin")


def requires(scope: str, roles: tuple[str, ...]):
    """Marks a view with what authorize_request checks before it runs."""

    def mark(view):
        view.required_scope = scope
        view.allowed_roles = roles
        return view

    return mark


def authorize_request() -> None:
    if request.routing_exception is not None:
        return
    view = current_app.view_functions[request.endpoint]
    if not hasattr(view, "required_scope"):
        raise RuntimeError(f"{request.endpoint} does not declare what it requires")

    claims = _decode(_bearer_token())
    workspace_id = claims["workspace_id"]
    if isinstance(workspace_id, bool) or not isinstance(workspace_id, int) or not 1 <= workspace_id <= MAX_ID:
        raise Unauthorized("The bearer token is not valid.")
    scope = claims.get("scope")
    if not isinstance(scope, str) or view.required_scope not in scope.split():
        raise Forbidden(f"This operation needs the scope {view.required_scope}.")

    with unit_of_work() as uow:
        member = uow.workspaces.find_active_member(workspace_id, claims["sub"])
    if member is None:
        raise Forbidden("You are not an active member of this workspace.")
    if member["role"] not in view.allowed_roles:
        raise Forbidden("Your role does not allow this operation.")

    g.context = Context(
        workspace_id=workspace_id,
        user_id=member["user_id"],
        now=current_app.extensions["crm.clock"](),
        request_id=g.request_id,
    )


def _bearer_token() -> str:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token.strip():
        raise Unauthorized("A valid bearer token is required.")
    return token.strip()


def _decode(token: str) -> dict:
    settings = current_app.extensions["crm.settings"]
    try:
        return jwt.decode(
            token,
            settings.jwt_public_key,
            algorithms=["RS256"],
            issuer=settings.jwt_issuer,
            audience=settings.jwt_audience,
            leeway=30,
            options={"require": ["iss", "aud", "exp", "iat", "sub", "workspace_id"]},
        )
    except jwt.InvalidTokenError as error:
        raise Unauthorized("The bearer token is not valid.") from error
