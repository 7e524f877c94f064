from __future__ import annotations

from datetime import date, timedelta

from app.clock import local_day
from app.context import Context
from app.domain.periods import next_period_end
from app.errors import Conflict, NotFound, Unprocessable
from app.pagination import decode_id, page
from app.services import billing


def list_subscriptions(uow, ctx: Context, query: dict) -> dict:
    rows = uow.subscriptions.list(ctx.workspace_id, query, decode_id(query.get("cursor")), query["limit"] + 1)
    result = page(rows, query["limit"], "id")
    result["items"] = [_public(row) for row in result["items"]]
    return result


def get_subscription(uow, ctx: Context, subscription_id: int) -> dict:
    return _public(_find(uow, ctx, subscription_id))


def create_subscription(uow, ctx: Context, body: dict) -> dict:
    account = uow.billing_accounts.get(ctx.workspace_id, body["billing_account_id"])
    if account is None:
        raise Unprocessable.field("billing_account_id", "There is no such record in the workspace.")
    items = [{"price_id": item["price_id"], "quantity": item.get("quantity", 1)} for item in body["items"]]
    terms = _checked_terms(uow, ctx, account, items)
    today = local_day(ctx.now, uow.workspaces.get(ctx.workspace_id)["time_zone"])
    coupon = _redeem(uow, ctx, body["coupon_code"], today) if "coupon_code" in body else None

    trial_days = body.get("trial_days", 0)
    first_billed_day = today + timedelta(days=trial_days)
    if trial_days:
        status, period_end = "trialing", first_billed_day
    else:
        status = "active"
        period_end = next_period_end(today, terms["billing_interval"], terms["interval_count"], today.day)
    subscription_id = uow.subscriptions.insert(
        ctx.workspace_id,
        {
            "billing_account_id": account["id"],
            "coupon_id": coupon["id"] if coupon else None,
            "status": status,
            "billing_interval": terms["billing_interval"],
            "interval_count": terms["interval_count"],
            "anchor_day": first_billed_day.day,
            "current_period_start": today,
            "current_period_end": period_end,
            "trial_ends_on": first_billed_day if trial_days else None,
            "created_by_user_id": ctx.user_id,
        },
    )
    uow.subscriptions.insert_items(ctx.workspace_id, subscription_id, items)
    billing.record_status(uow, ctx, subscription_id, None, status)
    uow.audit.record(ctx, "subscription.created", "subscription", subscription_id)
    subscription = uow.subscriptions.get(ctx.workspace_id, subscription_id)
    if not trial_days:
        billing.issue_invoice(uow, ctx, subscription, today)
    return _public(subscription)


def cancel_subscription(uow, ctx: Context, subscription_id: int, body: dict) -> dict:
    subscription = _find(uow, ctx, subscription_id, lock=True)
    if subscription["status"] == "canceled":
        raise Conflict("The subscription is already canceled.")
    if body["mode"] == "immediately":
        billing.change_status(uow, ctx, subscription, "canceled", body.get("reason"))
    elif subscription["cancel_at_period_end"]:
        raise Conflict("The subscription already ends with its period.")
    else:
        uow.subscriptions.set_cancel_at_period_end(ctx.workspace_id, subscription_id)
    details = {"mode": body["mode"], "reason": body.get("reason")}
    uow.audit.record(ctx, "subscription.cancel_requested", "subscription", subscription_id, details)
    return get_subscription(uow, ctx, subscription_id)


def _find(uow, ctx: Context, subscription_id: int, lock: bool = False) -> dict:
    subscription = uow.subscriptions.get(ctx.workspace_id, subscription_id, lock=lock)
    if subscription is None:
        raise NotFound("subscription")
    return subscription


def _checked_terms(uow, ctx: Context, account: dict, items: list[dict]) -> dict:
    price_ids = [item["price_id"] for item in items]
    if len(price_ids) != len(set(price_ids)):
        raise Unprocessable.field("items", "May name each price once.")
    prices = uow.products.sellable_prices(ctx.workspace_id, price_ids)
    errors = []
    for index, price_id in enumerate(price_ids):
        price = prices.get(price_id)
        if price is None:
            errors.append({"field": f"items.{index}.price_id", "message": "Is not a price on sale."})
        elif price["currency"] != account["currency"]:
            errors.append({"field": f"items.{index}.price_id", "message": "Is not in the currency of the account."})
    if errors:
        raise Unprocessable(errors)
    intervals = {(price["billing_interval"], price["interval_count"]) for price in prices.values()}
    if len(intervals) > 1:
        raise Unprocessable.field("items", "All prices must have the same billing period.")
    return prices[price_ids[0]]


def _redeem(uow, ctx: Context, code: str, today: date) -> dict:
    coupon = uow.coupons.lock_by_code(ctx.workspace_id, code)
    if coupon is None or (coupon["redeem_by"] is not None and coupon["redeem_by"] < today):
        raise Unprocessable.field("coupon_code", "Is not a valid coupon.")
    if coupon["max_redemptions"] is not None and coupon["times_redeemed"] >= coupon["max_redemptions"]:
        raise Conflict("The coupon has been used up.")
    uow.coupons.count_redemption(ctx.workspace_id, coupon["id"])
    return coupon


def _public(subscription: dict) -> dict:
    hidden = ("coupon_id", "anchor_day")
    return {name: value for name, value in subscription.items() if name not in hidden}
