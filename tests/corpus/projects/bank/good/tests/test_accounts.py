"""Accounts."""

from uuid import uuid4

import pytest

from tests.helpers import Bank, assert_problem


def test_open_account(bank: Bank) -> None:
    """It starts open, empty and numbered."""
    person = bank.person()
    response = bank.post(person, "/accounts", {"kind": "savings"})
    assert response.status_code == 201
    made = response.json()
    assert response.headers["location"] == f"/accounts/{made['id']}"
    assert made["customer_id"] == str(person.id)
    assert (made["kind"], made["status"]) == ("savings", "open")
    assert made["balance_minor"] == 0
    assert len(made["account_number"]) == 10
    assert made["created_at"].endswith("Z")


def test_staff_cannot_open(bank: Bank) -> None:
    """Accounts are for customers."""
    staff = bank.person("staff")
    assert_problem(bank.post(staff, "/accounts", {"kind": "current"}), 403)


def test_open_twice(bank: Bank) -> None:
    """A key makes one account; it belongs to its user."""
    one, two, key = bank.person(), bank.person(), uuid4()
    first = bank.post(one, "/accounts", {"kind": "current"}, key)
    again = bank.post(one, "/accounts", {"kind": "current"}, key)
    assert again.status_code == 201
    assert again.json()["id"] == first.json()["id"]
    assert len(bank.get(one, "/accounts").json()["items"]) == 1
    assert_problem(bank.post(one, "/accounts", {"kind": "savings"}, key), 409)
    other = bank.post(two, "/accounts", {"kind": "current"}, key)
    assert other.status_code == 201
    assert other.json()["id"] != first.json()["id"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"kind": "loan"},
        {"kind": "current", "balance_minor": 5},
        {"kind": "current", "customer_id": str(uuid4())},
        {"kind": "current", "status": "open"},
    ],
)
def test_body_is_checked(bank: Bank, body: dict[str, object]) -> None:
    """What the server decides cannot be sent."""
    assert_problem(bank.post(bank.person(), "/accounts", body), 422)


def test_list_and_filter(bank: Bank) -> None:
    """Own accounts newest first; staff find any by its number."""
    one, two, staff = bank.person(), bank.person(), bank.person("staff")
    first, second = bank.account(one), bank.account(one)
    items = bank.get(one, "/accounts").json()["items"]
    assert [item["id"] for item in items] == [str(second.id), str(first.id)]
    page = bank.get(one, "/accounts", limit=1, offset=1).json()
    assert [item["id"] for item in page["items"]] == [str(first.id)]
    number = first.account_number
    found = bank.get(staff, "/accounts", account_number=number).json()["items"]
    assert [item["id"] for item in found] == [str(first.id)]
    assert bank.get(two, "/accounts", account_number=number).json()["items"] == []


def test_read(bank: Bank) -> None:
    """For owner and staff."""
    one, two, staff = bank.person(), bank.person(), bank.person("staff")
    path = f"/accounts/{bank.account(one).id}"
    assert bank.get(one, path).status_code == 200
    assert bank.get(staff, path).status_code == 200
    assert_problem(bank.get(two, path), 404)


def test_close(bank: Bank) -> None:
    """Once, by the owner."""
    one, staff = bank.person(), bank.person("staff")
    path = f"/accounts/{bank.account(one).id}/close"
    assert_problem(bank.post(staff, path), 404)
    assert_problem(bank.post(bank.person(), path), 404)
    response = bank.post(one, path)
    assert response.status_code == 200
    assert response.json()["status"] == "closed"
    assert_problem(bank.post(one, path), 409)


def test_close_with_money(bank: Bank) -> None:
    """An account with a balance stays open."""
    one = bank.person()
    account = bank.account(one, 1)
    assert_problem(bank.post(one, f"/accounts/{account.id}/close"), 409)
    assert bank.get(one, f"/accounts/{account.id}").json()["status"] == "open"


def test_close_with_standing_order(bank: Bank) -> None:
    """An active order keeps the account open, a cancelled one does not."""
    one = bank.person()
    account = bank.account(one)
    payee_id = bank.payee(one, bank.account(bank.person()))
    order_id = bank.order(one, account, payee_id).json()["id"]
    assert_problem(bank.post(one, f"/accounts/{account.id}/close"), 409)
    bank.post(one, f"/standing-orders/{order_id}/cancel")
    assert bank.post(one, f"/accounts/{account.id}/close").status_code == 200


def test_close_with_card(bank: Bank) -> None:
    """A frozen card keeps the account open, a cancelled one does not."""
    one = bank.person()
    account = bank.account(one)
    card_id = bank.post(one, f"/accounts/{account.id}/cards").json()["id"]
    bank.post(one, f"/cards/{card_id}/freeze")
    assert_problem(bank.post(one, f"/accounts/{account.id}/close"), 409)
    bank.post(one, f"/cards/{card_id}/cancel")
    assert bank.post(one, f"/accounts/{account.id}/close").status_code == 200


def test_close_with_dispute(bank: Bank) -> None:
    """An open dispute keeps the account open, a rejected one does not."""
    paid, staff = bank.paid(100), bank.person("staff")
    body = {"reason": "duplicate", "description": "Twice"}
    opened = bank.post(paid.payer, f"/payments/{paid.payment_id}/disputes", body)
    close = f"/accounts/{paid.source.id}/close"
    assert_problem(bank.post(paid.payer, close), 409)
    decision = {"outcome": "rejected", "note": "It was once."}
    bank.post(staff, f"/disputes/{opened.json()['id']}/resolution", decision)
    assert bank.post(paid.payer, close).status_code == 200
