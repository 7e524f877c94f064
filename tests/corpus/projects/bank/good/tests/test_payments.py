"""Deposits and payments."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest

from app import schemas
from app.database import transaction
from app.errors import ConflictError
from app.rules import MAX_BALANCE_MINOR
from app.services import payments
from tests.helpers import Bank, Paid, assert_problem

CASH = {"amount_minor": 500, "reference": "Counter"}


def test_deposit(bank: Bank) -> None:
    """Staff pay in, and a retry pays in once."""
    staff, key = bank.person("staff"), uuid4()
    account = bank.account(bank.person())
    path = f"/accounts/{account.id}/deposits"
    first = bank.post(staff, path, CASH, key)
    assert first.status_code == 201
    made = first.json()
    assert first.headers["location"] == f"/payments/{made['id']}"
    assert made["kind"] == "deposit"
    assert made["source_account_id"] is None
    assert made["destination_account_number"] == account.account_number
    assert bank.post(staff, path, CASH, key).json() == made
    assert bank.balance(account) == 500
    assert_problem(bank.post(staff, path, CASH | {"amount_minor": 1}, key), 409)
    other = bank.account(bank.person())
    assert_problem(bank.post(staff, f"/accounts/{other.id}/deposits", CASH, key), 409)
    assert bank.balance(other) == 0


def test_deposit_refusals(bank: Bank) -> None:
    """404 for others, 403 for the owner and for staff on their own account."""
    owner, other, staff = bank.person(), bank.person(), bank.person("staff")
    path = f"/accounts/{bank.account(owner).id}/deposits"
    assert_problem(bank.post(other, path, CASH), 404)
    assert_problem(bank.post(owner, path, CASH), 403)
    own = bank.account(staff)
    assert_problem(bank.post(staff, f"/accounts/{own.id}/deposits", CASH), 403)
    assert_problem(bank.post(staff, f"/accounts/{uuid4()}/deposits", CASH), 404)


def test_deposit_conflicts(bank: Bank) -> None:
    """A closed account and the ceiling are a 409; the key stays free."""
    staff, key = bank.person("staff"), uuid4()
    closed = bank.account(bank.person(), status="closed")
    assert_problem(bank.post(staff, f"/accounts/{closed.id}/deposits", CASH), 409)
    full = bank.account(bank.person(), MAX_BALANCE_MINOR - 499)
    path = f"/accounts/{full.id}/deposits"
    assert_problem(bank.post(staff, path, CASH, key), 409)
    assert bank.balance(full) == MAX_BALANCE_MINOR - 499
    assert bank.keys(staff) == 0
    fits = CASH | {"amount_minor": 499}
    assert bank.post(staff, path, fits, key).status_code == 201
    assert bank.balance(full) == MAX_BALANCE_MINOR


def test_payment_moves_money(bank: Bank) -> None:
    """From source to destination, with a Location."""
    paid = bank.paid()
    assert bank.balance(paid.source) == 900
    assert bank.balance(paid.destination) == 100
    made = bank.get(paid.payer, f"/payments/{paid.payment_id}").json()
    assert made["kind"] == "transfer"
    assert made["source_account_id"] == str(paid.source.id)
    assert made["destination_account_id"] == str(paid.destination.id)
    assert made["destination_account_number"] == paid.destination.account_number
    assert made["amount_minor"] == 100


def test_payment_replay(bank: Bank) -> None:
    """A retry pays once, also when the payee is gone by then."""
    paid, key = bank.paid(), uuid4()
    first = bank.pay(paid.payer, paid.source, paid.payee_id, 50, key)
    assert first.headers["location"] == f"/payments/{first.json()['id']}"
    bank.client.delete(f"/payees/{paid.payee_id}", headers=paid.payer.headers)
    again = bank.pay(paid.payer, paid.source, paid.payee_id, 50, key)
    assert again.status_code == 201
    assert again.json() == first.json()
    assert again.headers["location"] == first.headers["location"]
    assert bank.balance(paid.source) == 850
    assert_problem(bank.pay(paid.payer, paid.source, paid.payee_id, 51, key), 404)


def test_payment_key_of_another_request(bank: Bank) -> None:
    """Another amount, account or operation is a 409."""
    paid, key = bank.paid(), uuid4()
    bank.pay(paid.payer, paid.source, paid.payee_id, 50, key)
    assert_problem(bank.pay(paid.payer, paid.source, paid.payee_id, 51, key), 409)
    other = bank.account(paid.payer, 100)
    assert_problem(bank.pay(paid.payer, other, paid.payee_id, 50, key), 409)
    assert_problem(bank.post(paid.payer, "/accounts", {"kind": "current"}, key), 409)
    assert bank.balance(paid.source) == 850
    assert bank.balance(other) == 100


def test_payment_of_others(bank: Bank) -> None:
    """The account and the payee must be own, for staff too."""
    paid = bank.paid()
    for person in (paid.receiver, bank.person("staff")):
        payee_id = bank.payee(person, paid.destination)
        assert_problem(bank.pay(person, paid.source, payee_id), 404)
    foreign = bank.payee(bank.person(), paid.destination)
    assert_problem(bank.pay(paid.payer, paid.source, foreign), 404)
    assert_problem(bank.pay(paid.payer, paid.source, uuid4()), 404)
    assert bank.balance(paid.source) == 900


def test_payment_conflicts(bank: Bank) -> None:
    """Funds, ceiling, closed accounts and the account itself."""
    paid, key = bank.paid(), uuid4()
    payer, source, payee_id = paid.payer, paid.source, paid.payee_id
    assert_problem(bank.pay(payer, source, payee_id, 901, key), 409)
    assert_problem(bank.pay(payer, source, bank.payee(payer, source)), 409)
    bank.set_account(paid.destination, balance_minor=MAX_BALANCE_MINOR)
    assert_problem(bank.pay(payer, source, payee_id), 409)
    bank.set_account(paid.destination, balance_minor=0, status="closed")
    assert_problem(bank.pay(payer, source, payee_id), 409)
    closed = bank.account(payer, status="closed")
    open_payee = bank.payee(payer, bank.account(bank.person()))
    assert_problem(bank.pay(payer, closed, open_payee), 409)
    assert bank.balance(source) == 900
    assert bank.pay(payer, source, open_payee, 900, key).status_code == 201
    assert bank.balance(source) == 0


@pytest.mark.parametrize(
    "change",
    [
        {"amount_minor": 0},
        {"amount_minor": -1},
        {"amount_minor": 100_000_001},
        {"amount_minor": 2**70},
        {"amount_minor": 1.0},
        {"amount_minor": "1"},
        {"amount_minor": True},
        {"reference": ""},
        {"reference": "x" * 141},
        {"reference": "a\x00b"},
        {"reference": "a "},
        {"payee_id": "x"},
        {"payee_id": uuid4().hex},
        {"payee_id": 1},
        {"source_account_id": str(uuid4())},
        {"kind": "refund"},
    ],
)
def test_payment_body(bank: Bank, change: dict[str, object]) -> None:
    """Wrong values and unknown properties are a 422."""
    person = bank.person()
    account = bank.account(person, 100)
    body: dict[str, object] = {
        "payee_id": str(uuid4()),
        "amount_minor": 1,
        "reference": "Rent",
    }
    path = f"/accounts/{account.id}/payments"
    assert_problem(bank.post(person, path, body | change), 422)


def test_largest_amount(bank: Bank) -> None:
    """The bounds themselves are inside."""
    staff = bank.person("staff")
    account = bank.account(bank.person())
    body = {"amount_minor": 100_000_000, "reference": "x" * 140}
    path = f"/accounts/{account.id}/deposits"
    assert bank.post(staff, path, body).status_code == 201
    assert bank.balance(account) == 100_000_000


def test_payment_readers(bank: Bank) -> None:
    """Payer, receiver and staff; nobody else."""
    paid = bank.paid()
    path = f"/payments/{paid.payment_id}"
    for person in (paid.payer, paid.receiver, bank.person("staff")):
        assert bank.get(person, path).status_code == 200
    assert_problem(bank.get(bank.person(), path), 404)


def test_payment_list(bank: Bank) -> None:
    """From and to the account, newest first, for owner and staff."""
    paid, staff = bank.paid(), bank.person("staff")
    path = f"/accounts/{paid.source.id}"
    deposit = bank.post(staff, f"{path}/deposits", CASH).json()
    page = bank.get(paid.payer, f"{path}/payments").json()
    ids = [item["id"] for item in page["items"]]
    assert ids == [deposit["id"], paid.payment_id]
    assert bank.get(staff, f"{path}/payments").json() == page
    one = bank.get(paid.payer, f"{path}/payments", limit=1, offset=1).json()
    assert [item["id"] for item in one["items"]] == [paid.payment_id]
    received = bank.get(paid.receiver, f"/accounts/{paid.destination.id}/payments")
    assert [item["id"] for item in received.json()["items"]] == [paid.payment_id]
    assert_problem(bank.get(paid.receiver, f"{path}/payments"), 404)


def attempt(paid: Paid, key: UUID) -> str:
    """Pay 900 through the service."""
    body = schemas.PaymentCreate.model_validate(
        {"payee_id": str(paid.payee_id), "amount_minor": 900, "reference": "Race"}
    )
    try:
        with transaction() as session:
            made = payments.create_payment(
                session, paid.payer.caller, paid.source.id, key, body
            )
    except ConflictError:
        return "refused"
    return str(made.id)


def test_two_payments_at_once(bank: Bank) -> None:
    """The balance is spent once."""
    paid = bank.paid()
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda key: attempt(paid, key), [uuid4(), uuid4()]))
    assert results.count("refused") == 1
    assert bank.balance(paid.source) == 0
    assert bank.balance(paid.destination) == 1000


def test_one_payment_sent_twice_at_once(bank: Bank) -> None:
    """Both get the one payment."""
    paid, key = bank.paid(), uuid4()
    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(lambda same: attempt(paid, same), [key, key]))
    assert results[0] == results[1] != "refused"
    assert bank.balance(paid.source) == 0
