"""The accounts in the database. Everything through one Store is one transaction."""

import os
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg


@dataclass(frozen=True)
class Account:
    """One account; money in minor units."""

    id: int
    owner_id: str
    balance_cents: int


class Store:
    """What the routes ask of the database."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def lock_accounts(self, ids: list[int]) -> dict[int, Account]:
        """The accounts that exist, by id, locked in the order of their ids until `commit`."""
        rows = self._connection.execute(
            "SELECT id, owner_id, balance_cents FROM accounts WHERE id = ANY(%s) ORDER BY id FOR UPDATE", [ids]
        )
        return {row[0]: Account(row[0], str(row[1]), row[2]) for row in rows}

    def save_balance(self, account_id: int, balance_cents: int) -> None:
        """Write an account's balance."""
        self._connection.execute("UPDATE accounts SET balance_cents = %s WHERE id = %s", [balance_cents, account_id])

    def record_transfer(self, from_account: int, to_account: int, amount_cents: int) -> int:
        """Write a transfer down and return its id."""
        row = self._connection.execute(
            "INSERT INTO transfers (from_account, to_account, amount_cents) VALUES (%s, %s, %s) RETURNING id",
            [from_account, to_account, amount_cents],
        ).fetchone()
        assert row is not None
        return int(row[0])

    def commit(self) -> None:
        """Make everything since the beginning last."""
        self._connection.commit()


def get_store() -> Iterator[Store]:
    """A store for one request; what was not committed is rolled back."""
    connection = psycopg.connect(os.environ["DATABASE_URL"])
    try:
        yield Store(connection)
    finally:
        connection.close()
