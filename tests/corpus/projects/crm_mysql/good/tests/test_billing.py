from datetime import date, datetime

import pytest

from app import CONTRACT_PATH
from app.contract import Contract
from app.services.billing import run_for_workspace

CONTRACT = Contract.load(CONTRACT_PATH)
WORKSPACE = {"id": 1, "slug": "harbour", "time_zone": "Europe/Dublin"}
KEY = "start-harbour-bakery"


def subscribe(client, headers, key=KEY, **changes):
    body = {"billing_account_id": 12, "items": [{"price_id": 61, "quantity": 2}], **changes}
    return client.post("/v1/subscriptions", headers=headers("sub-billing", key=key), json=body)


def pay(client, headers, invoice_id, amount_minor, key):
    body = {"amount_minor": amount_minor, "method": "bank_transfer", "received_on": "2025-03-03"}
    return client.post(f"/v1/invoices/{invoice_id}/payments", headers=headers("sub-billing", key=key), json=body)


@pytest.fixture
def invoice(client, headers, store):
    assert subscribe(client, headers).status_code == 201
    return next(iter(store.invoices.values()))


def test_subscription_issues_its_first_invoice(client, headers, store):
    subscription = subscribe(client, headers, coupon_code="SPRING25").json
    assert CONTRACT.check({"$ref": "#/components/schemas/Subscription"}, subscription) == []
    assert (subscription["current_period_start"], subscription["current_period_end"]) == ("2025-03-03", "2025-04-03")
    assert store.coupons["SPRING25"]["times_redeemed"] == 1
    invoice_id = next(iter(store.invoices))
    invoice = client.get(f"/v1/invoices/{invoice_id}", headers=headers("sub-billing")).json
    assert CONTRACT.check({"$ref": "#/components/schemas/Invoice"}, invoice) == []
    assert (invoice["number"], invoice["due_on"]) == ("HB-2025-000001", "2025-03-17")
    assert (invoice["subtotal_minor"], invoice["discount_minor"], invoice["total_minor"]) == (5800, 1450, 5351)


def test_idempotency_key_is_required(client, headers, store):
    assert subscribe(client, headers, key=None).status_code == 400
    assert store.subscriptions == {}


def test_repeated_key_replays_the_answer(client, headers, store):
    first, second = subscribe(client, headers), subscribe(client, headers)
    assert second.status_code == 201 and second.json == first.json
    assert second.headers["Idempotency-Replayed"] == "true"
    assert second.headers["Location"] == first.headers["Location"]
    assert len(store.subscriptions) == 1


def test_key_cannot_be_used_for_another_body(client, headers):
    subscribe(client, headers)
    assert subscribe(client, headers, trial_days=14).status_code == 409


@pytest.mark.parametrize(
    ("items", "field"),
    [
        ([{"price_id": 63}], "items.0.price_id"),
        ([{"price_id": 61}, {"price_id": 62}], "items"),
        ([{"price_id": 61}, {"price_id": 61, "quantity": 3}], "items"),
        ([{"price_id": 61}, {"price_id": 99}], "items.1.price_id"),
    ],
    ids=["currency", "interval", "twice", "unknown"],
)
def test_prices_must_fit_together(client, headers, store, items, field):
    response = subscribe(client, headers, items=items)
    assert response.status_code == 422
    assert [error["field"] for error in response.json["errors"]] == [field]
    assert store.idempotency == {}


def test_used_up_coupon_is_refused(client, headers, store):
    for number in range(2):
        assert subscribe(client, headers, key=f"{KEY}-{number}", coupon_code="SPRING25").status_code == 201
    assert subscribe(client, headers, coupon_code="SPRING25").status_code == 409
    assert len(store.subscriptions) == 2


def test_trial_is_billed_when_it_ends(client, headers, store, uow_factory):
    subscription_id = subscribe(client, headers, trial_days=14).json["id"]
    assert store.invoices == {}
    assert run_for_workspace(uow_factory, WORKSPACE, datetime(2025, 3, 17, 6)) == 0
    subscription = store.subscriptions[subscription_id]
    assert subscription["status"] == "active"
    assert (subscription["current_period_start"], subscription["current_period_end"]) == (
        date(2025, 3, 17),
        date(2025, 4, 17),
    )
    assert [invoice["total_minor"] for invoice in store.invoices.values()] == [7134]
    assert store.status_changes == [(subscription_id, None, "trialing"), (subscription_id, "trialing", "active")]


def test_run_is_done_once_a_day(client, headers, store, uow_factory, invoice):
    assert run_for_workspace(uow_factory, WORKSPACE, datetime(2025, 4, 3, 6)) == 0
    assert run_for_workspace(uow_factory, WORKSPACE, datetime(2025, 4, 3, 7)) is None
    assert [i["period_start"] for i in store.invoices.values()] == [date(2025, 3, 3), date(2025, 4, 3)]


def test_subscription_ends_with_its_period(client, headers, store, uow_factory, invoice):
    path = f"/v1/subscriptions/{invoice['subscription_id']}/cancel"
    assert client.post(path, headers=headers(), json={"mode": "at_period_end"}).json["cancel_at_period_end"] is True
    assert client.post(path, headers=headers(), json={"mode": "at_period_end"}).status_code == 409
    run_for_workspace(uow_factory, WORKSPACE, datetime(2025, 4, 3, 6))
    assert store.subscriptions[invoice["subscription_id"]]["status"] == "canceled"
    assert len(store.invoices) == 1


def test_overdue_subscription_recovers_when_paid(client, headers, store, uow_factory, invoice):
    subscription_id = invoice["subscription_id"]
    run_for_workspace(uow_factory, WORKSPACE, datetime(2025, 3, 18, 6))
    assert store.subscriptions[subscription_id]["status"] == "past_due"
    assert pay(client, headers, invoice["id"], 2000, "payment-number-one").status_code == 201
    assert store.subscriptions[subscription_id]["status"] == "past_due"
    assert pay(client, headers, invoice["id"], 5134, "payment-number-two").status_code == 201
    assert store.invoices[invoice["id"]]["status"] == "paid"
    assert store.subscriptions[subscription_id]["status"] == "active"


def test_payment_cannot_be_more_than_is_owed(client, headers, store, invoice):
    response = pay(client, headers, invoice["id"], 7135, "payment-number-one")
    assert response.status_code == 422
    assert response.json["errors"][0]["field"] == "amount_minor"
    assert store.payments == []


def test_only_an_unpaid_invoice_can_be_voided(client, headers, invoice):
    path = f"/v1/invoices/{invoice['id']}/void"
    assert client.post(path, headers=headers("sub-billing"), json={"reason": "Mistake"}).status_code == 403
    pay(client, headers, invoice["id"], 2000, "payment-number-one")
    assert client.post(path, headers=headers(), json={"reason": "Mistake"}).status_code == 409


def test_voided_invoice_takes_no_payment(client, headers, invoice):
    voided = client.post(f"/v1/invoices/{invoice['id']}/void", headers=headers(), json={"reason": "Mistake"}).json
    assert (voided["status"], voided["void_reason"]) == ("void", "Mistake")
    assert pay(client, headers, invoice["id"], 7134, "payment-number-one").status_code == 409
