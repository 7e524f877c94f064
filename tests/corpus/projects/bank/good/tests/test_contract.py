"""Error format, health, and hostile input."""

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from app.database import get_engine
from app.main import app
from app.services import accounts
from tests.helpers import Bank, assert_problem


def test_health(bank: Bank) -> None:
    """The database answers, and no token is asked for."""
    response = bank.client.get("/health")
    assert response.status_code == 200
    assert response.json() == {"status": "ok"}


def test_health_without_database(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    """An unreachable database is a 503 that tells nothing."""

    def away() -> None:
        raise OperationalError("select 1", None, Exception("secret-host"))

    monkeypatch.setattr("app.routes.health.transaction", away)
    response = bank.client.get("/health")
    assert_problem(response, 503)
    assert "secret-host" not in response.text


def test_unexpected_failure(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    """An unexpected failure is a 500 that tells nothing."""

    def fail(*_args: object) -> None:
        raise RuntimeError("secret-text")

    monkeypatch.setattr(accounts, "get_account", fail)
    response = bank.get(bank.person(), f"/accounts/{uuid4()}")
    assert_problem(response, 500)
    assert "secret-text" not in response.text


def test_unknown_path_and_wrong_method(bank: Bank) -> None:
    """Both have the error format."""
    assert_problem(bank.client.get("/nowhere"), 404)
    assert_problem(bank.client.get("/accounts/"), 404)
    assert_problem(bank.client.delete("/accounts"), 405)


def test_contract_declares_problem_and_security() -> None:
    """Every operation but the health route asks for the bearer token."""
    contract = app.openapi()
    assert "Problem" in contract["components"]["schemas"]
    assert "HTTPValidationError" not in contract["components"]["schemas"]
    for path, item in contract["paths"].items():
        for operation in item.values():
            if path == "/health":
                assert not operation.get("security")
            else:
                assert operation["security"] == [{"bearerAuth": []}]
                assert "422" in operation["responses"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"\xff\xfe",
        pytest.param(b"[" * 100_000, id="deep"),
        b'{"full_name": "a\\u0000b", "email": "a@b.de"}',
        b'{"full_name": "\\ud800", "email": "a@b.de"}',
        b'{"full_name": "Ada", "email": "a@b.de", "\\ud800": 1}',
        b'{"full_name": NaN, "email": "a@b.de"}',
        b'{"full_name": 1e999, "email": "a@b.de"}',
        pytest.param(b'{"full_name": ' + b"9" * 5000 + b"}", id="digits"),
    ],
)
def test_hostile_bodies(bank: Bank, content: bytes) -> None:
    """Each is a 422 and never a 500."""
    headers = bank.person("staff").headers | {
        "Idempotency-Key": str(uuid4()),
        "Content-Type": "application/json",
    }
    response = bank.client.post("/customers", headers=headers, content=content)
    assert_problem(response, 422)


def test_wrong_content_type(bank: Bank) -> None:
    """Only JSON is read."""
    headers = bank.person("staff").headers | {
        "Idempotency-Key": str(uuid4()),
        "Content-Type": "text/plain",
    }
    body = b'{"full_name": "Ada", "email": "ada@example.org"}'
    response = bank.client.post("/customers", headers=headers, content=body)
    assert_problem(response, 422)


@pytest.mark.parametrize("key", [None, "", "x", uuid4().hex, "{" + str(uuid4()) + "}"])
def test_idempotency_key_is_a_uuid(bank: Bank, key: str | None) -> None:
    """It is required, in the form with hyphens."""
    headers = bank.person().headers
    if key is not None:
        headers = headers | {"Idempotency-Key": key}
    response = bank.client.post("/accounts", headers=headers, json={"kind": "current"})
    assert_problem(response, 422)


@pytest.mark.parametrize(
    "params",
    [
        {"limit": 0},
        {"limit": 101},
        {"limit": ""},
        {"limit": "1.0"},
        {"limit": "9" * 30},
        {"offset": -1},
        {"offset": 100_001},
        {"account_number": "123"},
        {"account_number": "123456789\x00"},
    ],
)
def test_query_is_bounded(bank: Bank, params: dict[str, Any]) -> None:
    """Outside of the bounds is a 422."""
    assert_problem(bank.get(bank.person(), "/accounts", **params), 422)


def test_query_accepts_the_bounds(bank: Bank) -> None:
    """The bounds themselves are inside."""
    response = bank.get(bank.person(), "/accounts", limit=100, offset=100_000)
    assert response.status_code == 200
    assert response.json() == {"items": [], "limit": 100, "offset": 100_000}


@pytest.mark.parametrize(
    "path",
    ["customers", "accounts", "payments", "payees", "standing-orders", "cards"],
)
def test_path_ids_are_checked(bank: Bank, path: str) -> None:
    """What is no UUID is a 422, what does not exist is a 404."""
    person = bank.person()
    assert_problem(bank.get(person, f"/{path}/%00"), 422)
    assert_problem(bank.get(person, f"/{path}/{uuid4().hex}"), 422)
    assert_problem(bank.get(person, f"/{path}/{uuid4()}"), 404)


def test_page_takes_a_constant_number_of_statements(bank: Bank) -> None:
    """One for the user, one for the account, one for the page."""
    paid = bank.paid()
    statements: list[str] = []

    def count(*args: Any) -> None:
        statements.append(args[2])

    path = f"/accounts/{paid.source.id}/payments"
    event.listen(get_engine(), "before_cursor_execute", count)
    try:
        bank.get(paid.payer, path)
        first = len(statements)
        for _ in range(3):
            bank.pay(paid.payer, paid.source, paid.payee_id)
        statements.clear()
        page = bank.get(paid.payer, path).json()
    finally:
        event.remove(get_engine(), "before_cursor_execute", count)
    assert len(page["items"]) == 4
    assert len(statements) == first == 3
