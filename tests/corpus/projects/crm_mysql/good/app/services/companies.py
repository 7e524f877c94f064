from __future__ import annotations

from app.context import Context
from app.errors import Conflict, NotFound, Unprocessable
from app.pagination import decode_id, page
from app.services.checks import require_member

NULLABLE = ("domain", "vat_number", "phone", "owner_user_id")


def list_companies(uow, ctx: Context, query: dict) -> dict:
    rows = uow.companies.list(ctx.workspace_id, query, decode_id(query.get("cursor")), query["limit"] + 1)
    return page(rows, query["limit"], "id")


def get_company(uow, ctx: Context, company_id: int) -> dict:
    company = uow.companies.get(ctx.workspace_id, company_id)
    if company is None:
        raise NotFound("company")
    return company


def create_company(uow, ctx: Context, body: dict) -> dict:
    addresses = _checked_addresses(body.get("addresses", []))
    require_member(uow, ctx, "owner_user_id", body.get("owner_user_id"))
    fields = {**dict.fromkeys(NULLABLE), "lifecycle_stage": "lead", **body}
    company_id = uow.companies.insert(ctx.workspace_id, fields)
    if addresses:
        uow.companies.replace_addresses(ctx.workspace_id, company_id, addresses)
    uow.audit.record(ctx, "company.created", "company", company_id)
    return uow.companies.get(ctx.workspace_id, company_id)


def update_company(uow, ctx: Context, company_id: int, body: dict) -> dict:
    get_company(uow, ctx, company_id)
    require_member(uow, ctx, "owner_user_id", body.get("owner_user_id"))
    if "addresses" in body:
        addresses = _checked_addresses(body["addresses"])
        has_billing = any(address["kind"] == "billing" for address in addresses)
        if not has_billing and uow.billing_accounts.has_account(ctx.workspace_id, company_id):
            raise Conflict("A company with a billing account keeps a billing address.")
        uow.companies.replace_addresses(ctx.workspace_id, company_id, addresses)
    uow.companies.update(ctx.workspace_id, company_id, body)
    uow.audit.record(ctx, "company.updated", "company", company_id, {"fields": sorted(body)})
    return uow.companies.get(ctx.workspace_id, company_id)


def _checked_addresses(addresses: list[dict]) -> list[dict]:
    kinds = [address["kind"] for address in addresses]
    if len(kinds) != len(set(kinds)):
        raise Unprocessable.field("addresses", "May hold one address of each kind.")
    return addresses
