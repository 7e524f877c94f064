"""The migrations, the constraints and one whole flow, on a real MySQL 8."""

from __future__ import annotations

import dataclasses
import os
from datetime import datetime
from pathlib import Path

import pymysql
import pytest

from app import create_app
from app.db import connection_options

pytestmark = [
    pytest.mark.mysql,
    pytest.mark.skipif(not os.environ.get("TEST_MYSQL_HOST"), reason="TEST_MYSQL_HOST is not set"),
]
MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"


@pytest.fixture(scope="module")
def mysql_settings(settings):
    return dataclasses.replace(
        settings,
        mysql_host=os.environ["TEST_MYSQL_HOST"],
        mysql_port=int(os.environ.get("TEST_MYSQL_PORT", "3306")),
        mysql_database=os.environ["TEST_MYSQL_DATABASE"],
        mysql_user=os.environ["TEST_MYSQL_USER"],
        mysql_password=os.environ["TEST_MYSQL_PASSWORD"],
        mysql_pool_size=4,
    )


@pytest.fixture(scope="module")
def connection(mysql_settings):
    connection = pymysql.connect(**connection_options(mysql_settings))
    with connection.cursor() as cursor:
        cursor.execute("SHOW TABLES")
        assert cursor.fetchall() == (), "the test schema must be empty"
        for path in sorted(MIGRATIONS.glob("V*.sql")):
            for statement in path.read_text(encoding="utf-8").split(";\n"):
                if statement.strip():
                    cursor.execute(statement)
    connection.commit()
    yield connection
    connection.close()


@pytest.fixture(scope="module")
def mysql_app(mysql_settings, connection):
    app = create_app(mysql_settings, clock=lambda: datetime(2025, 3, 3, 9, 15))
    for slug, subject in (("harbour", "sub-owner"), ("hill", "sub-hill")):
        result = app.test_cli_runner().invoke(
            args=["workspaces", "provision", "--name", slug.title(), "--slug", slug, "--country", "IE",
                  "--time-zone", "Europe/Dublin", "--currency", "EUR", "--invoice-prefix", slug[:2].upper(),
                  "--standard-tax", "23", "--owner-subject", subject, "--owner-email", f"owner@{slug}.example",
                  "--owner-name", f"Owner of {slug}"]
        )  # fmt: skip
        assert result.exit_code == 0, result.output
    return app


def test_subscription_is_sold_and_paid(mysql_app, headers):
    client = mysql_app.test_client()

    def post(path, body, key=None):
        response = client.post(path, headers=headers(key=key), json=body)
        assert response.status_code == 201, response.json
        return response.json

    address = {"kind": "billing", "line1": "12 Harbour Street", "city": "Cork", "country_code": "IE"}
    company = post("/v1/companies", {"name": "Harbour Bakery", "addresses": [address]})
    account = post("/v1/billing-accounts", {
        "company_id": company["id"], "legal_name": "Harbour Bakery Limited",
        "billing_email": "accounts@harbour-bakery.example", "currency": "EUR",
    })  # fmt: skip
    product = post("/v1/products", {"code": "TILL-PRO", "name": "Till Pro"})
    price = post(f"/v1/products/{product['id']}/prices", {
        "currency": "EUR", "unit_amount_minor": 2900, "billing_interval": "month",
    })  # fmt: skip
    order = {"billing_account_id": account["id"], "items": [{"price_id": price["id"], "quantity": 2}]}
    subscription = post("/v1/subscriptions", order, key="start-harbour-bakery")
    assert post("/v1/subscriptions", order, key="start-harbour-bakery") == subscription

    query = {"subscription_id": subscription["id"]}
    [summary] = client.get("/v1/invoices", headers=headers(), query_string=query).json["items"]
    assert (summary["number"], summary["total_minor"]) == ("HA-2025-000001", 7134)
    payment = {"amount_minor": 7134, "method": "card", "received_on": "2025-03-03"}
    post(f"/v1/invoices/{summary['id']}/payments", payment, key="payment-number-one")
    invoice = client.get(f"/v1/invoices/{summary['id']}", headers=headers()).json
    assert invoice["status"] == "paid"
    assert invoice["taxes"] == [
        {"category": "standard", "percentage": "23.000", "taxable_minor": 5800, "tax_minor": 1334}
    ]


def test_address_of_an_archived_contact_can_be_used_again(mysql_app, headers):
    client = mysql_app.test_client()
    body = {"first_name": "Sample", "last_name": "Contact", "email": "orders@harbour-bakery.example", "tags": ["news"]}
    first = client.post("/v1/contacts", headers=headers(), json=body)
    assert first.status_code == 201
    assert client.post("/v1/contacts", headers=headers(), json=body).status_code == 409
    assert client.delete(f"/v1/contacts/{first.json['id']}", headers=headers()).status_code == 204
    assert client.post("/v1/contacts", headers=headers(), json=body).status_code == 201


def test_contact_cannot_belong_to_a_company_of_another_workspace(mysql_app, headers):
    client = mysql_app.test_client()
    other = client.post("/v1/companies", headers=headers("sub-hill", workspace_id=2), json={"name": "Hill Farm"}).json
    body = {"first_name": "Sample", "last_name": "Contact", "phone": "+353215550142", "company_id": other["id"]}
    response = client.post("/v1/contacts", headers=headers(), json=body)
    assert response.status_code == 422
    assert response.json["errors"][0]["field"] == "company_id"
