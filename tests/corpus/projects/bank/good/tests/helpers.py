"""What the tests share."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import jwt
from fastapi.testclient import TestClient
from sqlalchemy import func, select, update

from app import models
from app.database import transaction
from app.security import Caller

PROBLEM = "application/problem+json"


@dataclass(frozen=True)
class Person:
    """A user and a token for them."""

    id: UUID
    role: str

    @property
    def headers(self) -> dict[str, str]:
        """Give the header with the token."""
        return {"Authorization": f"Bearer {token(str(self.id))}"}

    @property
    def caller(self) -> Caller:
        """Give the caller as the services see them."""
        return Caller(self.id, self.role)


def token(sub: object, **changes: object) -> str:
    """Sign a token."""
    now = datetime.now(UTC)
    claims: dict[str, Any] = {
        "sub": sub,
        "iat": now,
        "exp": now + timedelta(minutes=5),
        "jti": str(uuid4()),
    }
    claims.update(changes)
    return jwt.encode(claims, os.environ["JWT_SECRET"], algorithm="HS256")


def assert_problem(response: Any, status: int) -> dict[str, Any]:
    """Check that a refusal has the format of the contract."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == PROBLEM
    body: dict[str, Any] = response.json()
    assert body["status"] == status
    assert body["type"]
    assert body["title"]
    assert set(body) <= {"type", "title", "status", "detail", "errors"}
    return body


class Bank:
    """Makes rows and sends requests."""

    def __init__(self, client: TestClient) -> None:
        """Use this client."""
        self.client = client

    def person(self, role: str = "customer") -> Person:
        """Insert a user."""
        with transaction() as session:
            user = models.User(role=role, full_name="Ada Bell", email="ada@example.org")
            session.add(user)
            session.flush()
            return Person(user.id, role)

    def account(
        self,
        owner: Person,
        balance: int = 0,
        kind: str = "current",
        status: str = "open",
    ) -> models.Account:
        """Insert an account."""
        with transaction() as session:
            account = models.Account(
                customer_id=owner.id, kind=kind, status=status, balance_minor=balance
            )
            session.add(account)
            session.flush()
            return account

    def payee(self, owner: Person, account: models.Account) -> UUID:
        """Insert a payee."""
        with transaction() as session:
            payee = models.Payee(
                customer_id=owner.id,
                account_number=account.account_number,
                name="Somebody",
            )
            session.add(payee)
            session.flush()
            return payee.id

    def get(self, person: Person, path: str, **params: object) -> Any:
        """Send a GET."""
        return self.client.get(path, headers=person.headers, params=params)

    def post(
        self, person: Person, path: str, body: object = None, key: UUID | None = None
    ) -> Any:
        """Send a POST with a key, a new one unless it is given."""
        headers = person.headers | {"Idempotency-Key": str(key or uuid4())}
        if body is None:
            return self.client.post(path, headers=headers)
        return self.client.post(path, headers=headers, json=body)

    def put(self, person: Person, path: str, body: object) -> Any:
        """Send a PUT."""
        return self.client.put(path, headers=person.headers, json=body)

    def pay(
        self,
        person: Person,
        source: models.Account,
        payee_id: UUID,
        amount: int = 100,
        key: UUID | None = None,
    ) -> Any:
        """Send a payment."""
        body = {"payee_id": str(payee_id), "amount_minor": amount, "reference": "Rent"}
        return self.post(person, f"/accounts/{source.id}/payments", body, key)

    def order(
        self, person: Person, source: models.Account, payee_id: UUID, day: int = 1
    ) -> Any:
        """Send a standing order of 100."""
        body = {
            "payee_id": str(payee_id),
            "amount_minor": 100,
            "reference": "Rent",
            "day_of_month": day,
        }
        return self.post(person, f"/accounts/{source.id}/standing-orders", body)

    def paid(self, balance: int = 1000) -> "Paid":
        """Make a payment of 100 from one customer to another."""
        payer, receiver = self.person(), self.person()
        source = self.account(payer, balance)
        destination = self.account(receiver)
        payee_id = self.payee(payer, destination)
        response = self.pay(payer, source, payee_id)
        assert response.status_code == 201, response.text
        return Paid(
            payer, receiver, source, destination, payee_id, response.json()["id"]
        )

    def balance(self, account: models.Account) -> int:
        """Read a balance from the database."""
        with transaction() as session:
            found = session.get_one(models.Account, account.id)
            return found.balance_minor

    def set_account(self, account: models.Account, **values: object) -> None:
        """Change an account behind the back of the service."""
        with transaction() as session:
            session.execute(
                update(models.Account)
                .where(models.Account.id == account.id)
                .values(**values)
            )

    def set_due(self, order_id: str, due: date) -> None:
        """Change the next due date behind the back of the service."""
        with transaction() as session:
            session.execute(
                update(models.StandingOrder)
                .where(models.StandingOrder.id == UUID(order_id))
                .values(next_due_on=due)
            )

    def order_payments(self, order_id: str) -> Sequence[models.Payment]:
        """Read what a standing order has paid."""
        with transaction() as session:
            return session.scalars(
                select(models.Payment)
                .where(models.Payment.standing_order_id == UUID(order_id))
                .order_by(models.Payment.due_on)
            ).all()

    def keys(self, person: Person) -> int:
        """Count the keys that somebody has used."""
        with transaction() as session:
            statement = select(func.count(models.IdempotencyKey.id)).where(
                models.IdempotencyKey.user_id == person.id
            )
            return session.scalar(statement) or 0


@dataclass(frozen=True)
class Paid:
    """A payment, with who and what took part."""

    payer: Person
    receiver: Person
    source: models.Account
    destination: models.Account
    payee_id: UUID
    payment_id: str
