"""Customers."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.helpers import Bank, assert_problem

BODY = {"full_name": "Grace Hopper", "email": "grace@example.org"}


def test_staff_onboards_a_customer(bank: Bank) -> None:
    """The new user is a customer and can be read."""
    staff = bank.person("staff")
    response = bank.post(staff, "/customers", BODY)
    assert response.status_code == 201
    made = response.json()
    assert response.headers["location"] == f"/customers/{made['id']}"
    assert made["full_name"] == BODY["full_name"]
    assert bank.get(staff, f"/customers/{made['id']}").json() == made


def test_customer_cannot_onboard(bank: Bank) -> None:
    """A 403, which leaves no key."""
    person = bank.person()
    assert_problem(bank.post(person, "/customers", BODY), 403)
    assert bank.keys(person) == 0


def test_onboarding_twice_is_one_customer(bank: Bank) -> None:
    """The same key and body is a replay, another body a conflict."""
    staff, key = bank.person("staff"), uuid4()
    first = bank.post(staff, "/customers", BODY, key)
    again = bank.post(staff, "/customers", BODY, key)
    assert again.status_code == 201
    assert again.json() == first.json()
    assert again.headers["location"] == first.headers["location"]
    other = BODY | {"full_name": "Somebody Else"}
    assert_problem(bank.post(staff, "/customers", other, key), 409)


@pytest.mark.parametrize(
    "change",
    [
        {"full_name": ""},
        {"full_name": " Ada"},
        {"full_name": "Ada "},
        {"full_name": "A\nB"},
        {"full_name": "x" * 121},
        {"full_name": 1},
        {"full_name": None},
        {"email": "a@b"},
        {"email": "no-at.example.org"},
        {"email": "x" * 250 + "@b.de"},
        {"id": str(uuid4())},
        {"role": "staff"},
        {"created_at": "2025-01-01T00:00:00Z"},
    ],
)
def test_body_is_checked(bank: Bank, change: dict[str, Any]) -> None:
    """Wrong values and unknown properties are a 422."""
    staff = bank.person("staff")
    assert_problem(bank.post(staff, "/customers", BODY | change), 422)


def test_longest_name(bank: Bank) -> None:
    """120 characters fit."""
    body = BODY | {"full_name": "é" * 120}
    assert bank.post(bank.person("staff"), "/customers", body).status_code == 201


def test_list_is_own_or_all(bank: Bank) -> None:
    """A customer sees themselves, staff see customers, newest first."""
    staff, one, two = bank.person("staff"), bank.person(), bank.person()
    own = bank.get(one, "/customers").json()
    assert [item["id"] for item in own["items"]] == [str(one.id)]
    page = bank.get(staff, "/customers", limit=2).json()
    seen = [item["id"] for item in page["items"]]
    assert seen == [str(two.id), str(one.id)]
    assert bank.get(bank.person("staff"), "/customers", limit=1).json()["items"][0][
        "id"
    ] == str(two.id)


def test_reading_others(bank: Bank) -> None:
    """Another customer, and staff as a customer, are a 404."""
    staff, one, two = bank.person("staff"), bank.person(), bank.person()
    assert bank.get(one, f"/customers/{one.id}").status_code == 200
    assert bank.get(staff, f"/customers/{one.id}").status_code == 200
    assert_problem(bank.get(one, f"/customers/{two.id}"), 404)
    assert_problem(bank.get(staff, f"/customers/{staff.id}"), 404)


def test_update_is_for_the_customer_only(bank: Bank) -> None:
    """Staff and others get a 404 and change nothing."""
    staff, one, two = bank.person("staff"), bank.person(), bank.person()
    path = f"/customers/{one.id}"
    assert_problem(bank.put(staff, path, BODY), 404)
    assert_problem(bank.put(two, path, BODY), 404)
    assert_problem(bank.put(staff, f"/customers/{staff.id}", BODY), 404)
    assert bank.get(one, path).json()["full_name"] == "Ada Bell"
    changed = bank.put(one, path, BODY)
    assert changed.status_code == 200
    assert changed.json()["email"] == BODY["email"]
    assert UUID(bank.get(one, path).json()["id"]) == one.id
    assert bank.get(one, path).json() == changed.json()
