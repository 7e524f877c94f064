"""Entries that are made once for each key."""

from fastapi import APIRouter, HTTPException

from app.store import EVERY, Amount, Body, Db, Me, RequestKey, one, writing

router = APIRouter()
ADD = "INSERT INTO entries (user_id, kind, amount, request_key) VALUES (?, ?, ?, ?) RETURNING *"


class Entry(Body):
    """An amount to be written down."""

    amount: Amount


def once(db: Db, me: int, kind: str, given: Entry, key: str) -> dict[str, object]:
    """Write an entry down once for each user's key; another body under it is a 409."""
    writing(db)
    made = db.execute(
        "SELECT * FROM entries WHERE user_id = ? AND kind = ? AND request_key = ?", (me, kind, key)
    ).fetchone()
    if made is not None and made["amount"] != given.amount:
        raise HTTPException(409, "The key was used for something else.")
    return dict(made) if made is not None else one(db, ADD, me, kind, given.amount, key)


@router.post("/charges", status_code=201, responses=EVERY)
def charge(db: Db, me: Me, given: Entry, key: RequestKey) -> dict[str, object]:
    """Charge."""
    return one(db, ADD, me, "charge", given.amount, key)


@router.post("/rebates", status_code=201, responses=EVERY)
def rebate(db: Db, me: Me, given: Entry, key: RequestKey) -> dict[str, object]:
    """Grant a rebate."""
    writing(db)
    made = db.execute(
        "SELECT * FROM entries WHERE user_id = ? AND kind = 'rebate' AND request_key = ?", (me, key)
    ).fetchone()
    return dict(made) if made is not None else one(db, ADD, me, "rebate", given.amount, key)


@router.post("/payouts", status_code=201, responses=EVERY)
def pay_out(db: Db, me: Me, given: Entry, key: RequestKey) -> dict[str, object]:
    """Pay out."""
    writing(db)
    made = db.execute("SELECT * FROM entries WHERE kind = 'payout' AND request_key = ?", (key,)).fetchone()
    if made is not None and made["amount"] != given.amount:
        raise HTTPException(409, "The key was used for something else.")
    return dict(made) if made is not None else one(db, ADD, me, "payout", given.amount, key)


@router.post("/top-ups", status_code=201, responses=EVERY)
def top_up(db: Db, me: Me, given: Entry, key: RequestKey) -> dict[str, object]:
    """Top up."""
    made = db.execute(
        "SELECT * FROM entries WHERE user_id = ? AND kind = 'top-up' AND request_key = ?", (me, key)
    ).fetchone()
    if made is not None and made["amount"] != given.amount:
        raise HTTPException(409, "The key was used for something else.")
    return dict(made) if made is not None else one(db, ADD, me, "top-up", given.amount, key)
