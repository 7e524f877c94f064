from __future__ import annotations

from flask import Blueprint, current_app, g, request

from app.auth import ADMIN_ROLES, BILLING_ROLES, requires
from app.contract import current_operation, read_body, read_header, read_query
from app.db import unit_of_work
from app.services import billing_accounts, idempotency, invoices, subscriptions

blueprint = Blueprint("billing", __name__)


def _created_once(work, location=None):
    """Answers 201 with the result of work(uow), or replays the answer to the same key."""
    key = read_header("Idempotency-Key")
    body = read_body()
    with unit_of_work() as uow:
        earlier = idempotency.claim(uow, g.context, key, current_operation().operation_id, request.path, body)
        if earlier is not None:
            (status, result), headers = earlier, {"Idempotency-Replayed": "true"}
        else:
            status, result, headers = 201, work(uow, body), {}
            uow.idempotency.complete(g.context.workspace_id, key, status, current_app.json.dumps(result))
    if location is not None:
        headers["Location"] = location(result)
    return result, status, headers


@blueprint.post("/billing-accounts")
@requires("billing:write", BILLING_ROLES)
def create_billing_account():
    body = read_body()
    with unit_of_work() as uow:
        account = billing_accounts.create_billing_account(uow, g.context, body)
    return account, 201, {"Location": f"/v1/billing-accounts/{account['id']}"}


@blueprint.get("/billing-accounts/<id:billing_account_id>")
@requires("billing:read", BILLING_ROLES)
def get_billing_account(billing_account_id: int):
    with unit_of_work() as uow:
        return billing_accounts.get_billing_account(uow, g.context, billing_account_id)


@blueprint.get("/subscriptions")
@requires("billing:read", BILLING_ROLES)
def list_subscriptions():
    query = read_query()
    with unit_of_work() as uow:
        return subscriptions.list_subscriptions(uow, g.context, query)


@blueprint.post("/subscriptions")
@requires("billing:write", BILLING_ROLES)
def create_subscription():
    return _created_once(
        lambda uow, body: subscriptions.create_subscription(uow, g.context, body),
        location=lambda subscription: f"/v1/subscriptions/{subscription['id']}",
    )


@blueprint.get("/subscriptions/<id:subscription_id>")
@requires("billing:read", BILLING_ROLES)
def get_subscription(subscription_id: int):
    with unit_of_work() as uow:
        return subscriptions.get_subscription(uow, g.context, subscription_id)


@blueprint.post("/subscriptions/<id:subscription_id>/cancel")
@requires("billing:write", BILLING_ROLES)
def cancel_subscription(subscription_id: int):
    body = read_body()
    with unit_of_work() as uow:
        return subscriptions.cancel_subscription(uow, g.context, subscription_id, body)


@blueprint.get("/invoices")
@requires("billing:read", BILLING_ROLES)
def list_invoices():
    query = read_query()
    with unit_of_work() as uow:
        return invoices.list_invoices(uow, g.context, query)


@blueprint.get("/invoices/<id:invoice_id>")
@requires("billing:read", BILLING_ROLES)
def get_invoice(invoice_id: int):
    with unit_of_work() as uow:
        return invoices.get_invoice(uow, g.context, invoice_id)


@blueprint.post("/invoices/<id:invoice_id>/payments")
@requires("billing:write", BILLING_ROLES)
def record_payment(invoice_id: int):
    return _created_once(lambda uow, body: invoices.record_payment(uow, g.context, invoice_id, body))


@blueprint.post("/invoices/<id:invoice_id>/void")
@requires("billing:write", ADMIN_ROLES)
def void_invoice(invoice_id: int):
    body = read_body()
    with unit_of_work() as uow:
        return invoices.void_invoice(uow, g.context, invoice_id, body)
