"""Who gets in."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import jwt
import pytest

from app.main import app
from tests.helpers import Bank, assert_problem, token

METHODS = {"get", "post", "put", "delete"}


def operations() -> list[tuple[str, str]]:
    """Give method and path of every operation that needs a token."""
    return [
        (method, path)
        for path, item in app.openapi()["paths"].items()
        for method in item
        if method in METHODS and path != "/health"
    ]


@pytest.mark.parametrize(("method", "path"), operations())
def test_every_operation_refuses_before_the_body(
    bank: Bank, method: str, path: str
) -> None:
    """Malformed input without a token is a 401."""
    target = path.replace("{", "not-").replace("}", "")
    response = bank.client.request(
        method,
        target,
        content=b'{"a":',
        headers={"Content-Type": "application/json"},
    )
    assert_problem(response, 401)
    assert response.headers["www-authenticate"] == "Bearer"


def refused(bank: Bank, value: str) -> None:
    """Check that this header is a 401."""
    response = bank.client.get("/accounts", headers={"Authorization": value})
    assert_problem(response, 401)
    assert response.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("value", ["Bearer", "Bearer ", "Bearer x.y.z", "Basic abc"])
def test_malformed_header(bank: Bank, value: str) -> None:
    """What is no bearer token is refused."""
    refused(bank, value)


def test_expired(bank: Bank) -> None:
    """A token ends at exp."""
    past = datetime.now(UTC) - timedelta(seconds=2)
    refused(bank, f"Bearer {token(str(bank.person().id), exp=past)}")


def test_foreign_signature(bank: Bank) -> None:
    """Another secret does not sign for this service."""
    claims = {
        "sub": str(bank.person().id),
        "exp": datetime.now(UTC) + timedelta(minutes=5),
    }
    foreign = jwt.encode(claims, "another-secret-of-sufficient-length-1234567890")
    refused(bank, f"Bearer {foreign}")


def test_algorithm_none(bank: Bank) -> None:
    """An unsigned token is refused."""
    claims = {
        "sub": str(bank.person().id),
        "exp": datetime.now(UTC) + timedelta(minutes=5),
    }
    unsigned = jwt.encode(claims, None, algorithm="none")
    refused(bank, f"Bearer {unsigned}")


@pytest.mark.parametrize("changes", [{"exp": None}, {"sub": None}, {"exp": "soon"}])
def test_required_claims(bank: Bank, changes: dict[str, Any]) -> None:
    """Both exp and sub are required."""
    claims: dict[str, Any] = {"sub": str(bank.person().id)} | changes
    sub = claims.pop("sub")
    refused(bank, f"Bearer {token(sub, **claims)}")


def test_subject_of_the_wrong_form(bank: Bank) -> None:
    """Only the canonical text form of an existing user's id is accepted."""
    person = bank.person()
    refused(bank, f"Bearer {token('somebody')}")
    refused(bank, f"Bearer {token(person.id.hex)}")
    refused(bank, f"Bearer {token(str(uuid4()))}")


def test_other_claims_are_ignored(bank: Bank) -> None:
    """Role comes from the database; audience and issuer are not looked at."""
    person = bank.person()
    value = token(str(person.id), role="staff", aud="x", iss="y")
    headers = {"Authorization": f"Bearer {value}"}
    response = bank.client.get("/customers", headers=headers)
    assert response.status_code == 200
    assert [item["id"] for item in response.json()["items"]] == [str(person.id)]
