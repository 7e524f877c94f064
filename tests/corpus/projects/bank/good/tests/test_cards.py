"""Cards."""

from app.rules import card_expiry, today_utc
from tests.helpers import Bank, assert_problem


def test_issue(bank: Bank) -> None:
    """One live card for an account."""
    person = bank.person()
    path = f"/accounts/{bank.account(person).id}/cards"
    response = bank.post(person, path)
    assert response.status_code == 201
    card = response.json()
    assert response.headers["location"] == f"/cards/{card['id']}"
    assert card["status"] == "active"
    assert len(card["last_four"]) == 4
    assert card["expires_on"] == card_expiry(today_utc()).isoformat()
    assert_problem(bank.post(person, path), 409)
    bank.post(person, f"/cards/{card['id']}/cancel")
    second = bank.post(person, path)
    assert second.status_code == 201
    items = bank.get(person, path).json()["items"]
    assert [item["id"] for item in items] == [second.json()["id"], card["id"]]


def test_issue_refusals(bank: Bank) -> None:
    """404 for others, 409 for closed and savings accounts."""
    person, staff = bank.person(), bank.person("staff")
    account = bank.account(person)
    for other in (staff, bank.person()):
        assert_problem(bank.post(other, f"/accounts/{account.id}/cards"), 404)
    closed = bank.account(person, status="closed")
    assert_problem(bank.post(person, f"/accounts/{closed.id}/cards"), 409)
    savings = bank.account(person, kind="savings")
    assert_problem(bank.post(person, f"/accounts/{savings.id}/cards"), 409)
    assert bank.get(person, f"/accounts/{savings.id}/cards").json()["items"] == []


def test_readers(bank: Bank) -> None:
    """Owner and staff."""
    person, other, staff = bank.person(), bank.person(), bank.person("staff")
    listing = f"/accounts/{bank.account(person).id}/cards"
    card = bank.post(person, listing).json()
    for reader in (person, staff):
        assert bank.get(reader, f"/cards/{card['id']}").json() == card
        assert bank.get(reader, listing).json()["items"] == [card]
    assert_problem(bank.get(other, f"/cards/{card['id']}"), 404)
    assert_problem(bank.get(other, listing), 404)


def test_transitions(bank: Bank) -> None:
    """Exactly those of the design, each once."""
    person = bank.person()
    made = bank.post(person, f"/accounts/{bank.account(person).id}/cards").json()
    path = f"/cards/{made['id']}"
    assert_problem(bank.post(person, f"{path}/unfreeze"), 409)
    assert bank.post(person, f"{path}/freeze").json()["status"] == "frozen"
    assert_problem(bank.post(person, f"{path}/freeze"), 409)
    assert bank.post(person, f"{path}/unfreeze").json()["status"] == "active"
    bank.post(person, f"{path}/freeze")
    assert bank.post(person, f"{path}/cancel").json()["status"] == "cancelled"
    for action in ("freeze", "unfreeze", "cancel"):
        assert_problem(bank.post(person, f"{path}/{action}"), 409)
    assert bank.get(person, path).json()["status"] == "cancelled"


def test_actions_of_others(bank: Bank) -> None:
    """A 404 that changes nothing, for staff too."""
    person = bank.person()
    made = bank.post(person, f"/accounts/{bank.account(person).id}/cards").json()
    for other in (bank.person(), bank.person("staff")):
        for action in ("freeze", "unfreeze", "cancel"):
            assert_problem(bank.post(other, f"/cards/{made['id']}/{action}"), 404)
    assert bank.get(person, f"/cards/{made['id']}").json() == made
