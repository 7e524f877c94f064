from __future__ import annotations

from app.context import Context
from app.errors import Conflict, NotFound, Unprocessable
from app.pagination import decode_id, page
from app.services.checks import require_contacts, require_member


def list_pipelines(uow, ctx: Context, query: dict) -> dict:
    rows = uow.pipelines.list(ctx.workspace_id, decode_id(query.get("cursor")), query["limit"] + 1)
    return page(rows, query["limit"], "id")


def list_deals(uow, ctx: Context, query: dict) -> dict:
    rows = uow.deals.list(ctx.workspace_id, query, decode_id(query.get("cursor")), query["limit"] + 1)
    return page(rows, query["limit"], "id")


def get_deal(uow, ctx: Context, deal_id: int, lock: bool = False) -> dict:
    deal = uow.deals.get(ctx.workspace_id, deal_id, lock=lock)
    if deal is None:
        raise NotFound("deal")
    return deal


def create_deal(uow, ctx: Context, body: dict) -> dict:
    stage = uow.pipelines.get_stage(ctx.workspace_id, body["stage_id"])
    if stage is None or stage["kind"] != "open":
        raise Unprocessable.field("stage_id", "Is not an open stage of a pipeline.")
    owner_user_id = body.get("owner_user_id", ctx.user_id)
    require_member(uow, ctx, "owner_user_id", owner_user_id)
    contacts = body.get("contacts", [])
    contact_ids = [contact["contact_id"] for contact in contacts]
    if len(contact_ids) != len(set(contact_ids)):
        raise Unprocessable.field("contacts", "May name each contact once.")
    require_contacts(uow, ctx, {f"contacts.{i}.contact_id": v for i, v in enumerate(contact_ids)})

    deal_id = uow.deals.insert(
        ctx.workspace_id,
        {
            "company_id": body["company_id"],
            "pipeline_id": stage["pipeline_id"],
            "stage_id": stage["id"],
            "owner_user_id": owner_user_id,
            "title": body["title"],
            "amount_minor": body["amount_minor"],
            "currency": body["currency"],
            "expected_close_on": body.get("expected_close_on"),
        },
    )
    uow.deals.insert_contacts(ctx.workspace_id, deal_id, contacts)
    uow.deals.record_stage_change(ctx.workspace_id, deal_id, None, stage["id"], ctx.user_id, ctx.now)
    uow.audit.record(ctx, "deal.created", "deal", deal_id)
    return uow.deals.get(ctx.workspace_id, deal_id)


def change_stage(uow, ctx: Context, deal_id: int, body: dict) -> dict:
    deal = get_deal(uow, ctx, deal_id, lock=True)
    stage = uow.pipelines.get_stage(ctx.workspace_id, body["stage_id"])
    if stage is None or stage["pipeline_id"] != deal["pipeline_id"]:
        raise Unprocessable.field("stage_id", "Is not a stage of the deal's pipeline.")
    if stage["id"] == deal["stage_id"]:
        raise Conflict("The deal is already in this stage.")

    lost_reason_id = body.get("lost_reason_id")
    if stage["kind"] == "lost":
        if lost_reason_id is None:
            raise Unprocessable.field("lost_reason_id", "Is required when a deal is lost.")
        if not uow.pipelines.has_lost_reason(ctx.workspace_id, deal["pipeline_id"], lost_reason_id):
            raise Unprocessable.field("lost_reason_id", "Is not a lost reason of the pipeline.")
    elif lost_reason_id is not None:
        raise Unprocessable.field("lost_reason_id", "Is only for a stage of kind lost.")

    closed_at = None if stage["kind"] == "open" else ctx.now
    uow.deals.move(ctx.workspace_id, deal_id, stage, closed_at, lost_reason_id)
    uow.deals.record_stage_change(ctx.workspace_id, deal_id, deal["stage_id"], stage["id"], ctx.user_id, ctx.now)
    uow.audit.record(ctx, "deal.stage_changed", "deal", deal_id, {"from": deal["stage_id"], "to": stage["id"]})
    return uow.deals.get(ctx.workspace_id, deal_id)
