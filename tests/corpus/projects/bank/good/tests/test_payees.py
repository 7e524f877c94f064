"""Payees."""

import pytest

from tests.helpers import Bank, Person, assert_problem


def add(bank: Bank, person: Person, number: str) -> object:
    """Send a payee."""
    return bank.post(person, "/payees", {"name": "Landlord", "account_number": number})


def test_add_read_delete(bank: Bank) -> None:
    """Only the owner, staff not included."""
    one, two, staff = bank.person(), bank.person(), bank.person("staff")
    number = bank.account(two).account_number
    body = {"name": "Landlord", "account_number": number}
    response = bank.post(one, "/payees", body)
    assert response.status_code == 201
    made = response.json()
    path = f"/payees/{made['id']}"
    assert response.headers["location"] == path
    assert made["account_number"] == number
    assert bank.get(one, path).json() == made
    for person in (two, staff):
        assert_problem(bank.get(person, path), 404)
        assert_problem(bank.client.delete(path, headers=person.headers), 404)
    assert bank.get(one, path).status_code == 200
    deleted = bank.client.delete(path, headers=one.headers)
    assert deleted.status_code == 204
    assert deleted.content == b""
    assert_problem(bank.get(one, path), 404)
    assert_problem(bank.client.delete(path, headers=one.headers), 404)


def test_refusals(bank: Bank) -> None:
    """404 unknown number, 403 staff, 409 closed or known."""
    one, staff = bank.person(), bank.person("staff")
    number = bank.account(bank.person()).account_number
    closed = bank.account(bank.person(), status="closed").account_number
    assert_problem(add(bank, one, "0000000000"), 404)
    assert_problem(add(bank, staff, "0000000000"), 404)
    assert_problem(add(bank, staff, number), 403)
    assert_problem(add(bank, one, closed), 409)
    assert bank.get(one, "/payees").json()["items"] == []
    bank.payee(one, bank.account(bank.person()))
    assert len(bank.get(one, "/payees").json()["items"]) == 1
    add(bank, one, number)
    assert_problem(add(bank, one, number), 409)
    assert len(bank.get(one, "/payees").json()["items"]) == 2


@pytest.mark.parametrize(
    "body",
    [
        {"name": "", "account_number": "1000000000"},
        {"name": "x" * 121, "account_number": "1000000000"},
        {"name": "A", "account_number": "123456789"},
        {"name": "A", "account_number": 1000000000},
        {"name": "A", "account_number": "1000000000", "customer_id": "x"},
        {"name": "A"},
    ],
)
def test_body_is_checked(bank: Bank, body: dict[str, object]) -> None:
    """Wrong values and unknown properties are a 422."""
    assert_problem(bank.post(bank.person(), "/payees", body), 422)


def test_list_is_own(bank: Bank) -> None:
    """Newest first, and empty for staff."""
    one = bank.person()
    first = bank.payee(one, bank.account(bank.person()))
    second = bank.payee(one, bank.account(bank.person()))
    items = bank.get(one, "/payees").json()["items"]
    assert [item["id"] for item in items] == [str(second), str(first)]
    assert bank.get(bank.person("staff"), "/payees").json()["items"] == []
