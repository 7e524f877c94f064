"""Disputes."""

from uuid import UUID, uuid4

import pytest

from app import models
from app.database import transaction
from app.rules import MAX_BALANCE_MINOR
from tests.helpers import Bank, Paid, assert_problem

WHY = {"reason": "unauthorised", "description": "Not me.\nReally."}
UPHELD = {"outcome": "upheld", "note": "Refunded."}
REJECTED = {"outcome": "rejected", "note": "It was you."}


def dispute(bank: Bank, paid: Paid) -> dict[str, object]:
    """Open a dispute."""
    response = bank.post(paid.payer, f"/payments/{paid.payment_id}/disputes", WHY)
    assert response.status_code == 201, response.text
    body: dict[str, object] = response.json()
    assert response.headers["location"] == f"/disputes/{body['id']}"
    return body


def test_open(bank: Bank) -> None:
    """Once, by the payer."""
    paid = bank.paid()
    path = f"/payments/{paid.payment_id}/disputes"
    for person in (paid.receiver, bank.person("staff"), bank.person()):
        assert_problem(bank.post(person, path, WHY), 404)
    made = dispute(bank, paid)
    assert made["status"] == "open"
    assert made["customer_id"] == str(paid.payer.id)
    assert made["payment_id"] == paid.payment_id
    assert made["resolution_note"] is None
    assert made["refund_payment_id"] is None
    assert made["resolved_at"] is None
    assert_problem(bank.post(paid.payer, path, WHY), 409)


def test_open_conflicts(bank: Bank) -> None:
    """Not for an own account, and not from a closed one."""
    person = bank.person()
    source = bank.account(person, 100)
    payee_id = bank.payee(person, bank.account(person))
    payment_id = bank.pay(person, source, payee_id).json()["id"]
    assert_problem(bank.post(person, f"/payments/{payment_id}/disputes", WHY), 409)
    paid = bank.paid(100)
    bank.set_account(paid.source, status="closed")
    path = f"/payments/{paid.payment_id}/disputes"
    assert_problem(bank.post(paid.payer, path, WHY), 409)
    assert bank.get(paid.payer, "/disputes").json()["items"] == []


def test_deposit_cannot_be_disputed(bank: Bank) -> None:
    """It was not made from an own account."""
    person, staff = bank.person(), bank.person("staff")
    path = f"/accounts/{bank.account(person).id}/deposits"
    body = {"amount_minor": 1, "reference": "Cash"}
    made = bank.post(staff, path, body).json()
    assert_problem(bank.post(person, f"/payments/{made['id']}/disputes", WHY), 404)


@pytest.mark.parametrize(
    "body",
    [
        {"reason": "other", "description": "x"},
        {"reason": "duplicate", "description": ""},
        {"reason": "duplicate", "description": "x" * 2001},
        {"reason": "duplicate", "description": "a\x00b"},
        {"reason": "duplicate"},
        WHY | {"status": "upheld"},
        WHY | {"customer_id": str(uuid4())},
    ],
)
def test_body_is_checked(bank: Bank, body: dict[str, object]) -> None:
    """Wrong values and unknown properties are a 422."""
    path = f"/payments/{uuid4()}/disputes"
    assert_problem(bank.post(bank.person(), path, body), 422)


@pytest.mark.parametrize(
    "body",
    [
        {"outcome": "open", "note": "x"},
        {"outcome": "upheld", "note": ""},
        {"outcome": "upheld", "note": "x" * 2001},
        UPHELD | {"resolved_by": str(uuid4())},
    ],
)
def test_resolution_body_is_checked(bank: Bank, body: dict[str, object]) -> None:
    """Wrong values and unknown properties are a 422."""
    path = f"/disputes/{uuid4()}/resolution"
    assert_problem(bank.post(bank.person("staff"), path, body), 422)


def test_readers(bank: Bank) -> None:
    """The payer and staff."""
    paid, staff = bank.paid(), bank.person("staff")
    made = dispute(bank, paid)
    path = f"/disputes/{made['id']}"
    for person in (paid.payer, staff):
        assert bank.get(person, path).json() == made
    assert_problem(bank.get(paid.receiver, path), 404)
    assert_problem(bank.get(staff, f"/disputes/{uuid4()}"), 404)
    assert bank.get(paid.receiver, "/disputes").json()["items"] == []
    assert bank.get(paid.payer, "/disputes").json()["items"] == [made]
    assert bank.get(paid.payer, "/disputes", status="open").json()["items"] == [made]
    assert bank.get(paid.payer, "/disputes", status="upheld").json()["items"] == []
    assert bank.get(staff, "/disputes", limit=1).json()["items"] == [made]
    assert_problem(bank.get(staff, "/disputes", status="lost"), 422)


def test_uphold_refunds_once(bank: Bank) -> None:
    """The whole amount goes back to the account that paid."""
    paid, staff = bank.paid(), bank.person("staff")
    path = f"/disputes/{dispute(bank, paid)['id']}"
    response = bank.post(staff, f"{path}/resolution", UPHELD)
    assert response.status_code == 200
    made = response.json()
    assert made["status"] == "upheld"
    assert made["resolution_note"] == "Refunded."
    assert made["resolved_at"] is not None
    assert bank.balance(paid.source) == 1000
    assert bank.balance(paid.destination) == 100
    refund = bank.get(paid.payer, f"/payments/{made['refund_payment_id']}").json()
    assert refund["kind"] == "refund"
    assert refund["amount_minor"] == 100
    assert refund["source_account_id"] is None
    assert refund["destination_account_id"] == str(paid.source.id)
    assert_problem(bank.post(staff, f"{path}/resolution", UPHELD), 409)
    assert_problem(bank.post(staff, f"{path}/resolution", REJECTED), 409)
    assert bank.balance(paid.source) == 1000
    assert bank.get(paid.payer, path).json() == made


def test_reject_moves_nothing(bank: Bank) -> None:
    """A rejected dispute is final."""
    paid, staff = bank.paid(), bank.person("staff")
    path = f"/disputes/{dispute(bank, paid)['id']}/resolution"
    made = bank.post(staff, path, REJECTED).json()
    assert made["status"] == "rejected"
    assert made["refund_payment_id"] is None
    assert bank.balance(paid.source) == 900
    assert_problem(bank.post(staff, path, UPHELD), 409)
    assert bank.balance(paid.source) == 900


def test_resolve_refusals(bank: Bank) -> None:
    """404 for others, 403 for the payer, also if the payer is staff by now."""
    paid = bank.paid()
    made = dispute(bank, paid)
    path = f"/disputes/{made['id']}/resolution"
    assert_problem(bank.post(paid.receiver, path, UPHELD), 404)
    unknown = f"/disputes/{uuid4()}/resolution"
    assert_problem(bank.post(bank.person("staff"), unknown, UPHELD), 404)
    assert_problem(bank.post(paid.payer, path, UPHELD), 403)
    with transaction() as session:
        session.get_one(models.User, paid.payer.id).role = "staff"
    assert_problem(bank.post(paid.payer, path, UPHELD), 403)
    with transaction() as session:
        row = session.get_one(models.Dispute, UUID(str(made["id"])))
        assert row.status == "open"
    assert bank.balance(paid.source) == 900


def test_uphold_at_the_ceiling(bank: Bank) -> None:
    """A refund that does not fit is a 409; a rejection still works."""
    paid, staff = bank.paid(), bank.person("staff")
    path = f"/disputes/{dispute(bank, paid)['id']}/resolution"
    bank.set_account(paid.source, balance_minor=MAX_BALANCE_MINOR - 99)
    assert_problem(bank.post(staff, path, UPHELD), 409)
    assert bank.balance(paid.source) == MAX_BALANCE_MINOR - 99
    assert bank.post(staff, path, REJECTED).status_code == 200
