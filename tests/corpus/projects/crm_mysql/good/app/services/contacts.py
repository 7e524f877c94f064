from __future__ import annotations

from app.context import Context
from app.errors import NotFound, Unprocessable
from app.pagination import decode_id, page
from app.services.checks import require_member

NULLABLE = ("company_id", "email", "phone", "job_title", "owner_user_id")


def list_contacts(uow, ctx: Context, query: dict) -> dict:
    rows = uow.contacts.list(ctx.workspace_id, query, decode_id(query.get("cursor")), query["limit"] + 1)
    return page(rows, query["limit"], "id")


def get_contact(uow, ctx: Context, contact_id: int, lock: bool = False) -> dict:
    contact = uow.contacts.get(ctx.workspace_id, contact_id, lock=lock)
    if contact is None:
        raise NotFound("contact")
    return contact


def create_contact(uow, ctx: Context, body: dict) -> dict:
    require_member(uow, ctx, "owner_user_id", body.get("owner_user_id"))
    fields = {**dict.fromkeys(NULLABLE), "email_marketing_consent": "unknown", **body}
    _require_reachable(fields)
    contact_id = uow.contacts.insert(ctx.workspace_id, fields)
    if body.get("tags"):
        uow.contacts.replace_tags(ctx.workspace_id, contact_id, body["tags"])
    if fields["email_marketing_consent"] != "unknown":
        _record_consent(uow, ctx, contact_id, fields["email_marketing_consent"])
    uow.audit.record(ctx, "contact.created", "contact", contact_id)
    return uow.contacts.get(ctx.workspace_id, contact_id)


def update_contact(uow, ctx: Context, contact_id: int, body: dict) -> dict:
    before = get_contact(uow, ctx, contact_id, lock=True)
    require_member(uow, ctx, "owner_user_id", body.get("owner_user_id"))
    _require_reachable({**before, **body})
    uow.contacts.update(ctx.workspace_id, contact_id, body)
    if "tags" in body:
        uow.contacts.replace_tags(ctx.workspace_id, contact_id, body["tags"])
    consent = body.get("email_marketing_consent", before["email_marketing_consent"])
    if consent != before["email_marketing_consent"]:
        _record_consent(uow, ctx, contact_id, consent)
    uow.audit.record(ctx, "contact.updated", "contact", contact_id, {"fields": sorted(body)})
    return uow.contacts.get(ctx.workspace_id, contact_id)


def archive_contact(uow, ctx: Context, contact_id: int) -> None:
    if not uow.contacts.archive(ctx.workspace_id, contact_id, ctx.now):
        raise NotFound("contact")
    uow.audit.record(ctx, "contact.archived", "contact", contact_id)


def _record_consent(uow, ctx: Context, contact_id: int, consent: str) -> None:
    uow.contacts.record_consent(ctx.workspace_id, contact_id, consent, ctx.user_id, ctx.now)


def _require_reachable(fields: dict) -> None:
    if fields["email"] is None and fields["phone"] is None:
        raise Unprocessable.field("email", "An e-mail address or a phone number is required.")
