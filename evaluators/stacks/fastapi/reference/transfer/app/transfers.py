"""POST /api/transfer."""

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException
from pydantic import BaseModel, ConfigDict, Field

from app.security import current_user
from app.store import Store, get_store

router = APIRouter()

MAX_CENTS = 100_000_000
"""The largest transfer, in minor units."""


class TransferIn(BaseModel):
    """What is asked for."""

    model_config = ConfigDict(extra="forbid", strict=True)

    from_account: int = Field(ge=1, le=2**63 - 1)
    to_account: int = Field(ge=1, le=2**63 - 1)
    amount_cents: int = Field(ge=1, le=MAX_CENTS)


class TransferOut(BaseModel):
    """What was done."""

    id: int
    from_account: int
    to_account: int
    amount_cents: int


@router.post("/transfer", status_code=201)
def transfer(
    body: TransferIn,
    user: Annotated[str, Depends(current_user)],
    store: Annotated[Store, Depends(get_store)],
) -> TransferOut:
    """Move funds from an account of the caller's to any other account."""
    if body.from_account == body.to_account:
        raise HTTPException(422, "The accounts must differ")
    accounts = store.lock_accounts(sorted([body.from_account, body.to_account]))
    source = accounts.get(body.from_account)
    if source is None or source.owner_id != user:
        raise HTTPException(404, "There is no such account of yours")
    target = accounts.get(body.to_account)
    if target is None:
        raise HTTPException(404, "There is no such account")
    if source.balance_cents < body.amount_cents:
        raise HTTPException(409, "Insufficient funds")
    store.save_balance(source.id, source.balance_cents - body.amount_cents)
    store.save_balance(target.id, target.balance_cents + body.amount_cents)
    transfer_id = store.record_transfer(source.id, target.id, body.amount_cents)
    store.commit()
    return TransferOut(
        id=transfer_id, from_account=source.id, to_account=target.id, amount_cents=body.amount_cents
    )
