"""Wallets and what goes from one to another."""

from typing import Annotated

from fastapi import APIRouter, HTTPException
from pydantic import Field

from app.store import EVERY, Amount, Body, Db, Key, Me, one

router = APIRouter()


class Given(Body):
    """An amount."""

    amount: Amount


class Between(Body):
    """An amount from one wallet to another."""

    source_id: int = Field(strict=True, ge=1, le=2**31 - 1)
    target_id: int = Field(strict=True, ge=1, le=2**31 - 1)
    amount: Amount


class Loose(Between):
    """The same with any number."""

    amount: Annotated[int, Field(strict=True, ge=-1_000_000, le=1_000_000)]


class Free(Between):
    """The same with nothing too."""

    amount: Annotated[int, Field(strict=True, ge=0, le=1_000_000)]


def mine(db: Db, me: int, wallet_id: int) -> int:
    """What is in one's own wallet. Raises 404."""
    return int(one(db, "SELECT balance FROM wallets WHERE id = ? AND user_id = ?", wallet_id, me)["balance"])


def take(db: Db, wallet_id: int, amount: int) -> None:
    """Take from a wallet what is in it. Raises 409."""
    done = db.execute(
        "UPDATE wallets SET balance = balance - ? WHERE id = ? AND balance >= ?", (amount, wallet_id, amount)
    )
    if done.rowcount == 0:
        raise HTTPException(409, "Too little is left.")


def give(db: Db, wallet_id: int, amount: int) -> None:
    """Put into a wallet."""
    db.execute("UPDATE wallets SET balance = balance + ? WHERE id = ?", (amount, wallet_id))


def noted(db: Db, given: Between) -> dict[str, int]:
    """Write a move down."""
    return one(
        db,
        "INSERT INTO moves (source_id, target_id, amount) VALUES (?, ?, ?) RETURNING *",
        given.source_id,
        given.target_id,
        given.amount,
    )


def both(db: Db, me: int, given: Between) -> None:
    """See that the wallets are there and two. Raises 404 and 409."""
    mine(db, me, given.source_id)
    one(db, "SELECT id FROM wallets WHERE id = ?", given.target_id)
    if given.source_id == given.target_id:
        raise HTTPException(409, "These are not two wallets.")


@router.post("/wallets/{wallet_id}/deposits", status_code=201, responses=EVERY)
def deposit(db: Db, me: Me, wallet_id: Key, given: Given) -> dict[str, int]:
    """Put into one's own wallet."""
    held = mine(db, me, wallet_id)
    db.execute("UPDATE wallets SET balance = ? WHERE id = ?", (held + given.amount, wallet_id))
    return {"amount": given.amount, "was": held}


@router.post("/wallets/{wallet_id}/withdrawals", status_code=201, responses=EVERY)
def withdraw(db: Db, me: Me, wallet_id: Key, given: Given) -> dict[str, int]:
    """Take out of one's own wallet."""
    held = mine(db, me, wallet_id)
    give(db, wallet_id, -given.amount)
    return {"amount": given.amount, "was": held}


@router.post("/wallets/{wallet_id}/savings", status_code=201, responses=EVERY)
def save(db: Db, me: Me, wallet_id: Key, given: Given) -> dict[str, int]:
    """Put into one's own wallet what was saved."""
    held = mine(db, me, wallet_id)
    give(db, wallet_id, given.amount // 100 * 100)
    return {"saved": given.amount, "was": held}


@router.post("/wallets/{wallet_id}/points", status_code=201, responses=EVERY)
def reward(db: Db, me: Me, wallet_id: Key, given: Given) -> dict[str, int]:
    """A point for each hundred that was spent."""
    mine(db, me, wallet_id)
    db.execute("UPDATE wallets SET points = points + ? WHERE id = ?", (given.amount // 100, wallet_id))
    return {"spent": given.amount}


@router.post("/transfers", status_code=201, responses=EVERY)
def transfer(db: Db, me: Me, given: Loose) -> dict[str, int]:
    """From one's own wallet to any."""
    both(db, me, given)
    take(db, given.source_id, given.amount)
    give(db, given.target_id, given.amount)
    return noted(db, given)


@router.post("/gifts", status_code=201, responses=EVERY)
def present(db: Db, me: Me, given: Between) -> dict[str, int]:
    """The same for a present."""
    mine(db, me, given.source_id)
    one(db, "SELECT id FROM wallets WHERE id = ?", given.target_id)
    take(db, given.source_id, given.amount)
    give(db, given.target_id, given.amount)
    return noted(db, given)


@router.post("/tips", status_code=201, responses=EVERY)
def tip(db: Db, me: Me, given: Free) -> dict[str, int]:
    """The same for a tip."""
    both(db, me, given)
    take(db, given.source_id, given.amount)
    give(db, given.target_id, given.amount)
    return noted(db, given)


@router.post("/exchanges", status_code=201, responses=EVERY)
def exchange(db: Db, me: Me, given: Between) -> dict[str, int]:
    """The same in parts of three."""
    both(db, me, given)
    take(db, given.source_id, given.amount)
    part = given.amount // 3
    give(db, given.target_id, part + part + (given.amount % 3 and 1))
    return noted(db, given)
