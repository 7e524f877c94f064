import os
import time
from dataclasses import replace

import jwt
import pytest
from app.main import app
from app.security import current_user
from app.store import Account, get_store
from fastapi.testclient import TestClient

MAX_CENTS = 100_000_000


class FakeStore:
    def __init__(self):
        self.accounts = {1: Account(1, "ann", 1000), 2: Account(2, "bob", 50)}
        self.transfers = []
        self.kept = None

    def lock_accounts(self, ids):
        return {each: self.accounts[each] for each in ids if each in self.accounts}

    def save_balance(self, account_id, balance_cents):
        self.accounts[account_id] = replace(self.accounts[account_id], balance_cents=balance_cents)

    def record_transfer(self, from_account, to_account, amount_cents):
        self.transfers.append((from_account, to_account, amount_cents))
        return 7

    def commit(self):
        self.kept = {each.id: each.balance_cents for each in self.accounts.values()}

    @property
    def touched(self):
        return bool(self.transfers) or self.balances != {1: 1000, 2: 50}

    @property
    def balances(self):
        return {each.id: each.balance_cents for each in self.accounts.values()}


@pytest.fixture
def store():
    made = FakeStore()
    app.dependency_overrides[get_store] = lambda: made
    yield made
    app.dependency_overrides.clear()


@pytest.fixture
def client(store):
    return TestClient(app, raise_server_exceptions=False)


@pytest.fixture
def ann(client):
    app.dependency_overrides[current_user] = lambda: "ann"
    return client


def body(**changes):
    return {"from_account": 1, "to_account": 2, "amount_cents": 300, **changes}


def token(secret=None, **claims):
    claims = {"sub": "ann", "exp": int(time.time()) + 60, **claims}
    return jwt.encode({k: v for k, v in claims.items() if v is not None}, secret or os.environ["JWT_SECRET"], "HS256")


def post(client, text):
    return client.post("/api/transfer", json=body(), headers={"Authorization": text} if text else {})


def test_moves_the_money(ann, store):
    answer = ann.post("/api/transfer", json=body())
    assert answer.status_code == 201
    assert answer.json() == {"id": 7, **body()}
    assert store.kept == {1: 700, 2: 350}
    assert store.transfers == [(1, 2, 300)]


def test_the_whole_balance_may_go(ann, store):
    assert ann.post("/api/transfer", json=body(amount_cents=1000)).status_code == 201
    assert store.kept == {1: 0, 2: 1050}


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"amount_cents": 0}, 422),
        ({"amount_cents": -5}, 422),
        ({"amount_cents": MAX_CENTS + 1}, 422),
        ({"amount_cents": "300"}, 422),
        ({"extra": 1}, 422),
        ({"to_account": 1}, 422),
        ({"amount_cents": 1001}, 409),
        ({"from_account": 2, "to_account": 1, "amount_cents": 1}, 404),
        ({"from_account": 99}, 404),
        ({"to_account": 99}, 404),
    ],
)
def test_refusals_write_nothing(ann, store, changes, status):
    if changes.get("amount_cents") == MAX_CENTS + 1:
        store.accounts[1] = Account(1, "ann", MAX_CENTS * 2)
    before = store.balances
    assert ann.post("/api/transfer", json=body(**changes)).status_code == status
    assert (store.transfers, store.balances, store.kept) == ([], before, None)


def test_a_valid_token_is_let_in(client, store):
    assert post(client, f"Bearer {token()}").status_code == 201


def bad_tokens():
    yield "none", lambda: ""
    yield "malformed", lambda: "Bearer abc"
    yield "scheme", lambda: f"Basic {token()}"
    yield "expired", lambda: f"Bearer {token(exp=1)}"
    yield "foreign", lambda: f"Bearer {token('some-other-secret-of-enough-bytes-123456')}"
    yield "no subject", lambda: f"Bearer {token(sub=None)}"


@pytest.mark.parametrize(("name", "make"), list(bad_tokens()), ids=lambda value: value if isinstance(value, str) else "")
def test_a_bad_token_is_refused(client, store, name, make):
    answer = post(client, make())
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert not store.touched
