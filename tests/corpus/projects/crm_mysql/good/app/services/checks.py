from __future__ import annotations

from app.context import Context
from app.errors import Unprocessable


def require_member(uow, ctx: Context, field: str, user_id: int | None) -> None:
    if user_id is not None and not uow.workspaces.is_active_member(ctx.workspace_id, user_id):
        raise Unprocessable.field(field, "Is not an active member of the workspace.")


def require_contacts(uow, ctx: Context, contact_ids: dict[str, int]) -> None:
    """contact_ids maps the name of each field to its contact."""
    known = uow.contacts.existing_ids(ctx.workspace_id, list(contact_ids.values()))
    errors = [
        {"field": field, "message": "There is no such contact in the workspace."}
        for field, contact_id in contact_ids.items()
        if contact_id not in known
    ]
    if errors:
        raise Unprocessable(errors)
