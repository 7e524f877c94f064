from __future__ import annotations

from app.context import Context
from app.errors import NotFound, Unprocessable


def get_billing_account(uow, ctx: Context, billing_account_id: int) -> dict:
    account = uow.billing_accounts.get(ctx.workspace_id, billing_account_id)
    if account is None:
        raise NotFound("billing account")
    return account


def create_billing_account(uow, ctx: Context, body: dict) -> dict:
    if uow.companies.get(ctx.workspace_id, body["company_id"]) is None:
        raise Unprocessable.field("company_id", "There is no such record in the workspace.")
    if uow.companies.billing_address(ctx.workspace_id, body["company_id"]) is None:
        raise Unprocessable.field("company_id", "The company has no billing address.")
    fields = {"payment_terms_days": 14, **body}
    billing_account_id = uow.billing_accounts.insert(ctx.workspace_id, fields)
    uow.audit.record(ctx, "billing_account.created", "billing_account", billing_account_id)
    return uow.billing_accounts.get(ctx.workspace_id, billing_account_id)
