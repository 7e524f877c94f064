from __future__ import annotations

from datetime import date

from app.clock import local_day
from app.context import Context
from app.errors import Conflict, NotFound, Unprocessable
from app.pagination import decode_id, page
from app.services import billing

MAX_PAYMENTS = 100


def list_invoices(uow, ctx: Context, query: dict) -> dict:
    rows = uow.invoices.list(ctx.workspace_id, query, decode_id(query.get("cursor")), query["limit"] + 1)
    return page(rows, query["limit"], "id")


def get_invoice(uow, ctx: Context, invoice_id: int) -> dict:
    invoice = uow.invoices.get(ctx.workspace_id, invoice_id)
    if invoice is None:
        raise NotFound("invoice")
    return invoice


def record_payment(uow, ctx: Context, invoice_id: int, body: dict) -> dict:
    invoice = _lock(uow, ctx, invoice_id)
    if invoice["status"] != "open":
        raise Conflict(f"The invoice is {invoice['status']}.")
    today = local_day(ctx.now, uow.workspaces.get(ctx.workspace_id)["time_zone"])
    if date.fromisoformat(body["received_on"]) > today:
        raise Unprocessable.field("received_on", "Is in the future.")
    owed = invoice["total_minor"] - invoice["amount_paid_minor"]
    if body["amount_minor"] > owed:
        raise Unprocessable.field("amount_minor", f"Is more than the {owed} still owed.")
    if uow.invoices.count_payments(ctx.workspace_id, invoice_id) >= MAX_PAYMENTS:
        raise Conflict(f"An invoice has {MAX_PAYMENTS} payments at most.")

    payment = uow.invoices.insert_payment(ctx.workspace_id, invoice_id, ctx.user_id, body)
    settled = body["amount_minor"] == owed
    uow.invoices.set_paid_amount(
        ctx.workspace_id,
        invoice_id,
        invoice["amount_paid_minor"] + body["amount_minor"],
        "paid" if settled else "open",
        ctx.now if settled else None,
    )
    if settled:
        billing.settle_subscription(uow, ctx, invoice["subscription_id"], today)
    uow.audit.record(ctx, "payment.recorded", "payment", payment["id"], {"invoice_id": invoice_id})
    return payment


def void_invoice(uow, ctx: Context, invoice_id: int, body: dict) -> dict:
    invoice = _lock(uow, ctx, invoice_id)
    if invoice["status"] != "open":
        raise Conflict(f"The invoice is {invoice['status']}.")
    if invoice["amount_paid_minor"] > 0:
        raise Conflict("The invoice has payments.")
    uow.invoices.void(ctx.workspace_id, invoice_id, body["reason"], ctx.now)
    today = local_day(ctx.now, uow.workspaces.get(ctx.workspace_id)["time_zone"])
    billing.settle_subscription(uow, ctx, invoice["subscription_id"], today)
    uow.audit.record(ctx, "invoice.voided", "invoice", invoice_id)
    return uow.invoices.get(ctx.workspace_id, invoice_id)


def _lock(uow, ctx: Context, invoice_id: int) -> dict:
    invoice = uow.invoices.lock(ctx.workspace_id, invoice_id)
    if invoice is None:
        raise NotFound("invoice")
    return invoice
