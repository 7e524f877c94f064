"""Standing orders and their worker."""

from datetime import date
from uuid import uuid4

import pytest

from app.database import get_engine
from app.rules import MAX_BALANCE_MINOR, first_due_on, month_after, today_utc
from app.worker import run_one
from tests.helpers import Bank, Paid, assert_problem

UPDATE = {"amount_minor": 200, "reference": "More rent", "day_of_month": 1}


def make(bank: Bank, paid: Paid, day: int = 1) -> dict[str, object]:
    """Create a standing order."""
    response = bank.order(paid.payer, paid.source, paid.payee_id, day)
    assert response.status_code == 201, response.text
    body: dict[str, object] = response.json()
    assert response.headers["location"] == f"/standing-orders/{body['id']}"
    return body


def drain(today: date) -> None:
    """Let the worker do all that is due."""
    while run_one(get_engine(), today):
        pass


def test_create(bank: Bank) -> None:
    """It copies the destination and is due after today."""
    paid = bank.paid()
    order = make(bank, paid, 28)
    assert order["status"] == "active"
    assert order["next_due_on"] == first_due_on(today_utc(), 28).isoformat()
    assert order["last_due_on"] is None
    assert order["last_outcome"] is None
    assert order["destination_account_id"] == str(paid.destination.id)
    assert order["destination_account_number"] == paid.destination.account_number


def test_create_twice(bank: Bank) -> None:
    """A key makes one order."""
    paid, key = bank.paid(), uuid4()
    path = f"/accounts/{paid.source.id}/standing-orders"
    body = UPDATE | {"payee_id": str(paid.payee_id)}
    first = bank.post(paid.payer, path, body, key)
    assert bank.post(paid.payer, path, body, key).json() == first.json()
    assert len(bank.get(paid.payer, path).json()["items"]) == 1
    other = body | {"day_of_month": 2}
    assert_problem(bank.post(paid.payer, path, other, key), 409)
    bank.client.delete(f"/payees/{paid.payee_id}", headers=paid.payer.headers)
    assert bank.post(paid.payer, path, body, key).status_code == 201
    assert_problem(bank.post(paid.payer, path, other, key), 404)


def test_create_refusals(bank: Bank) -> None:
    """404 for others' things, 409 for closed accounts and the account itself."""
    paid, staff = bank.paid(), bank.person("staff")
    assert_problem(bank.order(staff, paid.source, paid.payee_id), 404)
    assert_problem(bank.order(paid.receiver, paid.source, paid.payee_id), 404)
    assert_problem(bank.order(paid.payer, paid.source, uuid4()), 404)
    foreign = bank.payee(paid.receiver, paid.destination)
    assert_problem(bank.order(paid.payer, paid.source, foreign), 404)
    itself = bank.payee(paid.payer, paid.source)
    assert_problem(bank.order(paid.payer, paid.source, itself), 409)
    closed = bank.account(paid.payer, status="closed")
    assert_problem(bank.order(paid.payer, closed, paid.payee_id), 409)
    bank.set_account(paid.destination, balance_minor=0, status="closed")
    assert_problem(bank.order(paid.payer, paid.source, paid.payee_id), 409)
    path = f"/accounts/{paid.source.id}/standing-orders"
    assert bank.get(paid.payer, path).json()["items"] == []


@pytest.mark.parametrize(
    "change",
    [
        {"day_of_month": 0},
        {"day_of_month": 29},
        {"day_of_month": 1.0},
        {"amount_minor": 0},
        {"amount_minor": 100_000_001},
        {"reference": ""},
        {"status": "active"},
        {"next_due_on": "2030-01-01"},
    ],
)
def test_bodies_are_checked(bank: Bank, change: dict[str, object]) -> None:
    """Wrong values and unknown properties are a 422."""
    person = bank.person()
    assert_problem(
        bank.put(person, f"/standing-orders/{uuid4()}", UPDATE | change), 422
    )
    body = UPDATE | {"payee_id": str(uuid4())} | change
    path = f"/accounts/{uuid4()}/standing-orders"
    assert_problem(bank.post(person, path, body), 422)


def test_readers(bank: Bank) -> None:
    """Owner and staff; not the receiver."""
    paid, staff = bank.paid(), bank.person("staff")
    order = make(bank, paid)
    path = f"/standing-orders/{order['id']}"
    listing = f"/accounts/{paid.source.id}/standing-orders"
    for person in (paid.payer, staff):
        assert bank.get(person, path).json() == order
        assert bank.get(person, listing).json()["items"] == [order]
    assert_problem(bank.get(paid.receiver, path), 404)
    assert_problem(bank.get(paid.receiver, listing), 404)


def test_update(bank: Bank) -> None:
    """A changed day moves the due date, an unchanged one does not."""
    paid = bank.paid()
    order = make(bank, paid)
    path = f"/standing-orders/{order['id']}"
    bank.set_due(str(order["id"]), date(2999, 5, 1))
    same = bank.put(paid.payer, path, UPDATE)
    assert same.status_code == 200
    assert same.json()["amount_minor"] == 200
    assert same.json()["reference"] == "More rent"
    assert same.json()["next_due_on"] == "2999-05-01"
    moved = bank.put(paid.payer, path, UPDATE | {"day_of_month": 2}).json()
    assert moved["next_due_on"] == first_due_on(today_utc(), 2).isoformat()
    assert bank.get(paid.payer, path).json() == moved


def test_update_and_cancel_refusals(bank: Bank) -> None:
    """404 unless owner, 409 when cancelled."""
    paid, staff = bank.paid(), bank.person("staff")
    path = f"/standing-orders/{make(bank, paid)['id']}"
    for person in (paid.receiver, staff):
        assert_problem(bank.put(person, path, UPDATE), 404)
        assert_problem(bank.post(person, f"{path}/cancel"), 404)
    cancelled = bank.post(paid.payer, f"{path}/cancel")
    assert cancelled.status_code == 200
    assert cancelled.json()["status"] == "cancelled"
    assert_problem(bank.post(paid.payer, f"{path}/cancel"), 409)
    assert_problem(bank.put(paid.payer, path, UPDATE), 409)
    assert bank.get(paid.payer, path).json() == cancelled.json()


def test_worker_makes_up_missed_dates(bank: Bank) -> None:
    """Each due date is paid once."""
    paid, today = bank.paid(), today_utc()
    order_id = str(make(bank, paid)["id"])
    this_month = today.replace(day=1)
    before = (
        date(today.year - 1, 12, 1)
        if today.month == 1
        else date(today.year, today.month - 1, 1)
    )
    bank.set_due(order_id, before)
    drain(today)
    drain(today)
    assert [made.due_on for made in bank.order_payments(order_id)] == [
        before,
        this_month,
    ]
    assert bank.balance(paid.source) == 700
    assert bank.balance(paid.destination) == 300
    order = bank.get(paid.payer, f"/standing-orders/{order_id}").json()
    assert order["last_outcome"] == "paid"
    assert order["last_due_on"] == this_month.isoformat()
    assert order["next_due_on"] == month_after(this_month, 1).isoformat()
    items = bank.get(paid.payer, f"/accounts/{paid.source.id}/payments").json()["items"]
    assert [item["kind"] for item in items].count("standing_order") == 2


def test_worker_leaves_the_future_and_the_cancelled(bank: Bank) -> None:
    """Only active orders that are due are paid."""
    paid, today = bank.paid(), today_utc()
    future = str(make(bank, paid)["id"])
    cancelled = str(make(bank, paid)["id"])
    bank.post(paid.payer, f"/standing-orders/{cancelled}/cancel")
    bank.set_due(cancelled, today.replace(day=1))
    drain(today)
    assert bank.order_payments(future) == []
    assert bank.order_payments(cancelled) == []


@pytest.mark.parametrize(
    ("source", "destination", "outcome"),
    [
        ({"balance_minor": 99}, {}, "insufficient_funds"),
        ({}, {"balance_minor": MAX_BALANCE_MINOR - 99}, "limit_reached"),
        ({}, {"balance_minor": 0, "status": "closed"}, "account_closed"),
    ],
)
def test_worker_pays_nothing(
    bank: Bank,
    source: dict[str, object],
    destination: dict[str, object],
    outcome: str,
) -> None:
    """A due date that cannot be paid is noted and not tried again."""
    paid, today = bank.paid(), today_utc()
    order_id = str(make(bank, paid)["id"])
    if source:
        bank.set_account(paid.source, **source)
    if destination:
        bank.set_account(paid.destination, **destination)
    balances = bank.balance(paid.source), bank.balance(paid.destination)
    due = today.replace(day=1)
    bank.set_due(order_id, due)
    drain(today)
    assert bank.order_payments(order_id) == []
    assert (bank.balance(paid.source), bank.balance(paid.destination)) == balances
    order = bank.get(paid.payer, f"/standing-orders/{order_id}").json()
    assert order["last_outcome"] == outcome
    assert order["last_due_on"] == due.isoformat()
    assert order["next_due_on"] == month_after(due, 1).isoformat()
