"""Issuing of invoices, and the daily run that renews subscriptions."""

from __future__ import annotations

import logging
from datetime import date, timedelta
from decimal import Decimal

from app.clock import local_day
from app.context import Context
from app.domain import invoicing
from app.domain.periods import next_period_end
from app.errors import Conflict

log = logging.getLogger(__name__)
BATCH = 200


def issue_invoice(uow, ctx: Context, subscription: dict, today: date, billing_run_id: int | None = None) -> int:
    """Invoices the current period of the subscription."""
    workspace = uow.workspaces.get(ctx.workspace_id)
    account = uow.billing_accounts.get(ctx.workspace_id, subscription["billing_account_id"])
    company = uow.companies.get(ctx.workspace_id, account["company_id"])
    address = uow.companies.billing_address(ctx.workspace_id, account["company_id"])
    if address is None:
        raise Conflict("The company has no billing address.")

    items = uow.subscriptions.billable_items(ctx.workspace_id, subscription["id"])
    lines = [
        {
            "subscription_item_id": item["id"],
            "description": _description(item),
            "quantity": item["quantity"],
            "unit_amount_minor": item["unit_amount_minor"],
            "amount_minor": item["quantity"] * item["unit_amount_minor"],
            "tax_category": item["tax_category"],
        }
        for item in items
    ]
    rates = {}
    for category in {line["tax_category"] for line in lines}:
        rate = uow.tax_rates.effective(ctx.workspace_id, category, today)
        if rate is None:
            raise Conflict(f"The workspace has no {category} tax rate.")
        rates[category] = rate
    totals = invoicing.calculate(
        [invoicing.Line(line["amount_minor"], line["tax_category"]) for line in lines],
        _percent_off(uow, ctx, subscription),
        {category: rate["percentage"] for category, rate in rates.items()},
    )

    nothing_owed = totals.total_minor == 0
    number = uow.invoices.next_number(ctx.workspace_id, today.year)
    invoice_id = uow.invoices.insert(
        ctx.workspace_id,
        {
            "billing_account_id": account["id"],
            "subscription_id": subscription["id"],
            "billing_run_id": billing_run_id,
            "number": f"{workspace['invoice_prefix']}-{today.year}-{number:06d}",
            "status": "paid" if nothing_owed else "open",
            "paid_at": ctx.now if nothing_owed else None,
            "currency": account["currency"],
            "issued_on": today,
            "due_on": today + timedelta(days=account["payment_terms_days"]),
            "period_start": subscription["current_period_start"],
            "period_end": subscription["current_period_end"],
            "subtotal_minor": totals.subtotal_minor,
            "discount_minor": totals.discount_minor,
            "tax_minor": totals.tax_minor,
            "total_minor": totals.total_minor,
            "bill_to": {
                "legal_name": account["legal_name"],
                "vat_number": company["vat_number"],
                **{name: value for name, value in address.items() if name != "kind"},
            },
        },
    )
    uow.invoices.insert_lines(ctx.workspace_id, invoice_id, lines)
    uow.invoices.insert_taxes(
        ctx.workspace_id,
        invoice_id,
        [
            {
                "category": tax.category,
                "tax_rate_id": rates[tax.category]["id"],
                "percentage": tax.percentage,
                "taxable_minor": tax.taxable_minor,
                "tax_minor": tax.tax_minor,
            }
            for tax in totals.taxes
        ],
    )
    uow.audit.record(ctx, "invoice.issued", "invoice", invoice_id)
    return invoice_id


def change_status(uow, ctx: Context, subscription: dict, status: str, reason: str | None = None) -> None:
    canceled_at = ctx.now if status == "canceled" else None
    uow.subscriptions.set_status(ctx.workspace_id, subscription["id"], status, canceled_at)
    record_status(uow, ctx, subscription["id"], subscription["status"], status, reason)


def record_status(
    uow, ctx: Context, subscription_id: int, from_status: str | None, to_status: str, reason: str | None = None
) -> None:
    uow.subscriptions.record_status_change(
        ctx.workspace_id, subscription_id, from_status, to_status, reason, ctx.user_id, ctx.now
    )


def settle_subscription(uow, ctx: Context, subscription_id: int, today: date) -> None:
    """A past-due subscription is active again once nothing is overdue."""
    subscription = uow.subscriptions.get(ctx.workspace_id, subscription_id, lock=True)
    if subscription["status"] == "past_due" and not uow.invoices.has_overdue(ctx.workspace_id, subscription_id, today):
        change_status(uow, ctx, subscription, "active")


def renew(uow, ctx: Context, subscription_id: int, today: date, billing_run_id: int) -> None:
    """Brings one subscription up to today: ends it, or starts and bills each period that has begun."""
    subscription = uow.subscriptions.get(ctx.workspace_id, subscription_id, lock=True)
    while subscription["status"] != "canceled" and subscription["current_period_end"] <= today:
        if subscription["cancel_at_period_end"]:
            change_status(uow, ctx, subscription, "canceled", "End of the period")
            return
        start = subscription["current_period_end"]
        end = next_period_end(
            start, subscription["billing_interval"], subscription["interval_count"], subscription["anchor_day"]
        )
        status = "active" if subscription["status"] == "trialing" else subscription["status"]
        uow.subscriptions.start_period(ctx.workspace_id, subscription_id, start, end, status)
        if status != subscription["status"]:
            record_status(uow, ctx, subscription_id, subscription["status"], status, "End of the trial")
        subscription = uow.subscriptions.get(ctx.workspace_id, subscription_id, lock=True)
        issue_invoice(uow, ctx, subscription, today, billing_run_id)


def mark_past_due(uow, ctx: Context, subscription_id: int, today: date) -> None:
    subscription = uow.subscriptions.get(ctx.workspace_id, subscription_id, lock=True)
    if subscription["status"] == "active" and uow.invoices.has_overdue(ctx.workspace_id, subscription_id, today):
        change_status(uow, ctx, subscription, "past_due", "Overdue invoice")


def run_for_workspace(uow_factory, workspace: dict, now) -> int | None:
    """Number of failures, or None when the day's run had already finished.

    Each subscription has its own transaction, so one failure does not stop the rest.
    """
    ctx = Context(workspace_id=workspace["id"], user_id=None, now=now)
    today = local_day(now, workspace["time_zone"])
    with uow_factory() as uow:
        run_id = uow.billing_runs.start(ctx.workspace_id, today, now)
    if run_id is None:
        return None

    def due(uow, after_id):
        return uow.subscriptions.due_for_renewal(ctx.workspace_id, today, after_id, BATCH)

    def overdue(uow, after_id):
        return uow.subscriptions.with_overdue_invoices(ctx.workspace_id, today, after_id, BATCH)

    failures = _for_each(uow_factory, due, lambda uow, id_: renew(uow, ctx, id_, today, run_id))
    failures += _for_each(uow_factory, overdue, lambda uow, id_: mark_past_due(uow, ctx, id_, today))
    with uow_factory() as uow:
        uow.billing_runs.finish(ctx.workspace_id, run_id, failures, now)
    return failures


def _for_each(uow_factory, find, work) -> int:
    failures, after_id = 0, 0
    while True:
        with uow_factory() as uow:
            batch = find(uow, after_id)
        if not batch:
            return failures
        for subscription_id in batch:
            try:
                with uow_factory() as uow:
                    work(uow, subscription_id)
            except Exception:
                failures += 1
                log.exception("billing of subscription %s failed", subscription_id)
        after_id = batch[-1]


def _percent_off(uow, ctx: Context, subscription: dict) -> Decimal:
    if subscription["coupon_id"] is None:
        return Decimal(0)
    coupon = uow.coupons.get(ctx.workspace_id, subscription["coupon_id"])
    if coupon["duration"] == "once" and uow.invoices.exists_for_subscription(ctx.workspace_id, subscription["id"]):
        return Decimal(0)
    return coupon["percent_off"]


def _description(item: dict) -> str:
    return f"{item['product_name']} ({item['nickname']})" if item["nickname"] else item["product_name"]
