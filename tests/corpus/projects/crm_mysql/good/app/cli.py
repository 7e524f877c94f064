"""Commands of the operator: flask --app wsgi <group> <command>."""

from __future__ import annotations

import sys
from datetime import date
from decimal import Decimal, InvalidOperation
from zoneinfo import available_timezones

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from app.clock import local_day
from app.db import unit_of_work
from app.services import billing

STAGES = [
    ("Qualified", 1, "open", 20),
    ("Meeting held", 2, "open", 40),
    ("Proposal sent", 3, "open", 60),
    ("Won", 4, "won", 100),
    ("Lost", 5, "lost", 0),
]
LOST_REASONS = ["Price", "Chose a competitor", "No budget", "No longer needed", "No answer"]

workspaces = AppGroup("workspaces", help="Set up workspaces.")
billing_group = AppGroup("billing", help="Tax rates, coupons and the daily run.")
catalog = AppGroup("catalog", help="Take products and prices off sale.")
maintenance = AppGroup("maintenance", help="Housekeeping.")


def _percentage(_context, _parameter, value: str) -> Decimal:
    try:
        number = Decimal(value)
    except InvalidOperation as error:
        raise click.BadParameter("is not a number") from error
    if not number.is_finite() or not 0 <= number <= 100:
        raise click.BadParameter("must be between 0 and 100")
    return number


def _time_zone(_context, _parameter, value: str) -> str:
    if value not in available_timezones():
        raise click.BadParameter("is not an IANA time zone")
    return value


def _workspace(uow, slug: str) -> dict:
    workspace = uow.workspaces.find_by_slug(slug)
    if workspace is None:
        raise click.ClickException(f"There is no workspace {slug}.")
    return workspace


@workspaces.command("provision")
@click.option("--name", required=True)
@click.option("--slug", required=True)
@click.option("--country", "country_code", required=True)
@click.option("--time-zone", required=True, callback=_time_zone)
@click.option("--currency", "default_currency", required=True)
@click.option("--invoice-prefix", required=True)
@click.option("--standard-tax", required=True, callback=_percentage, help="Percent.")
@click.option("--owner-subject", required=True, help="The sub claim of the owner.")
@click.option("--owner-email", required=True)
@click.option("--owner-name", required=True)
def provision(standard_tax, owner_subject, owner_email, owner_name, **fields):
    """Create a workspace with its owner, a sales pipeline and tax rates."""
    today = local_day(current_app.extensions["crm.clock"](), fields["time_zone"])
    with unit_of_work() as uow:
        workspace_id = uow.workspaces.insert(fields)
        user_id = uow.workspaces.insert_user(owner_subject, owner_email, owner_name)
        uow.workspaces.insert_member(workspace_id, user_id, "owner")
        uow.pipelines.insert(workspace_id, "Sales", True, STAGES, LOST_REASONS)
        uow.tax_rates.insert(workspace_id, "standard", standard_tax, today)
        uow.tax_rates.insert(workspace_id, "zero", Decimal(0), today)
    click.echo(f"workspace {workspace_id}, owner {user_id}")


@workspaces.command("add-member")
@click.option("--workspace", "slug", required=True)
@click.option("--role", required=True, type=click.Choice(["owner", "admin", "sales", "billing", "viewer"]))
@click.option("--subject", required=True)
@click.option("--email", required=True)
@click.option("--name", required=True)
def add_member(slug, role, subject, email, name):
    """Give a person access to a workspace."""
    with unit_of_work() as uow:
        workspace = _workspace(uow, slug)
        user_id = uow.workspaces.insert_user(subject, email, name)
        uow.workspaces.insert_member(workspace["id"], user_id, role)
    click.echo(f"user {user_id}")


@billing_group.command("add-tax-rate")
@click.option("--workspace", "slug", required=True)
@click.option("--category", required=True, type=click.Choice(["standard", "reduced"]))
@click.option("--percentage", required=True, callback=_percentage)
@click.option("--valid-from", required=True, type=click.DateTime(["%Y-%m-%d"]))
def add_tax_rate(slug, category, percentage, valid_from):
    """Set the rate of a category from a day on."""
    with unit_of_work() as uow:
        uow.tax_rates.insert(_workspace(uow, slug)["id"], category, percentage, valid_from.date())


@billing_group.command("add-coupon")
@click.option("--workspace", "slug", required=True)
@click.option("--code", required=True)
@click.option("--percent-off", required=True, callback=_percentage)
@click.option("--duration", required=True, type=click.Choice(["once", "forever"]))
@click.option("--redeem-by", type=click.DateTime(["%Y-%m-%d"]))
@click.option("--max-redemptions", type=click.IntRange(min=1))
def add_coupon(slug, code, percent_off, duration, redeem_by, max_redemptions):
    """Create a coupon."""
    last_day: date | None = redeem_by.date() if redeem_by else None
    with unit_of_work() as uow:
        workspace_id = _workspace(uow, slug)["id"]
        uow.coupons.insert(workspace_id, code, percent_off, duration, last_day, max_redemptions)


@catalog.command("retire-product")
@click.option("--workspace", "slug", required=True)
@click.option("--code", required=True)
def retire_product(slug, code):
    """Sell a product no more. Running subscriptions go on."""
    with unit_of_work() as uow:
        if not uow.products.retire_product(_workspace(uow, slug)["id"], code):
            raise click.ClickException(f"There is no product {code}.")


@catalog.command("retire-price")
@click.option("--workspace", "slug", required=True)
@click.option("--price-id", required=True, type=click.IntRange(min=1))
def retire_price(slug, price_id):
    """Sell at a price no more. Running subscriptions keep it."""
    with unit_of_work() as uow:
        if not uow.products.retire_price(_workspace(uow, slug)["id"], price_id):
            raise click.ClickException(f"There is no price {price_id}.")


@billing_group.command("run")
def run():
    """Renew, invoice and mark past due, for every active workspace. Run it hourly: each local day is done once."""
    now = current_app.extensions["crm.clock"]()
    factory = current_app.extensions["crm.uow_factory"]
    with factory() as uow:
        active = uow.workspaces.list_active()
    failed = 0
    for workspace in active:
        failures = billing.run_for_workspace(factory, workspace, now)
        if failures is not None:
            click.echo(f"{workspace['slug']}: {failures} failures")
            failed += failures
    if failed:
        sys.exit(1)


@maintenance.command("purge-idempotency-keys")
def purge_idempotency_keys():
    """Delete the idempotency keys that have expired."""
    now = current_app.extensions["crm.clock"]()
    total = 0
    while True:
        with unit_of_work() as uow:
            deleted = uow.idempotency.purge(now, 1000)
        total += deleted
        if deleted < 1000:
            break
    click.echo(f"{total} deleted")


def register(app: Flask) -> None:
    app.cli.add_command(workspaces)
    app.cli.add_command(billing_group)
    app.cli.add_command(catalog)
    app.cli.add_command(maintenance)
