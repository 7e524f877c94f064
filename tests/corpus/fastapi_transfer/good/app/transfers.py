"""Money moved between accounts."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, HTTPException, Response
from pydantic import BaseModel, ConfigDict, Field, field_validator
from sqlalchemy import insert, or_, select, update

from app.accounts import Id
from app.auth import Db, User
from app.errors import declared
from app.tables import accounts, transfers

router = APIRouter(prefix="/transfers", tags=["transfers"])
Key = Annotated[int, Field(ge=1, le=2**63 - 1)]


class TransferOrder(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    from_account_id: Key
    to_account_id: Key
    amount_cents: int = Field(ge=1, le=100_000_000)
    note: str = Field(default="", max_length=140, pattern=r"^[^\x00]*$")


class Transfer(BaseModel):
    id: int
    from_account_id: int
    to_account_id: int
    amount_cents: int
    note: str
    created_at: datetime

    @field_validator("created_at")
    @classmethod
    def in_utc(cls, value: datetime) -> datetime:
        return value if value.tzinfo else value.replace(tzinfo=UTC)


@router.post("", status_code=201, operation_id="createTransfer", responses=declared(401, 404, 409, 422))
def create_transfer(user: User, db: Db, order: TransferOrder, response: Response) -> Transfer:
    both = {order.from_account_id, order.to_account_id}
    locked = select(accounts).where(accounts.c.id.in_(both)).order_by(accounts.c.id).with_for_update()
    found = {row["id"]: row for row in db.execute(locked).mappings()}
    source, target = found.get(order.from_account_id), found.get(order.to_account_id)
    if source is None or target is None or source["owner_id"] != user:
        raise HTTPException(404, "No such account")
    if len(both) == 1:
        raise HTTPException(409, "The accounts are the same")
    if source["currency"] != target["currency"]:
        raise HTTPException(409, "The currencies differ")
    if source["balance_cents"] < order.amount_cents:
        raise HTTPException(409, "The balance is too low")
    for row, change in ((source, -order.amount_cents), (target, order.amount_cents)):
        changed = update(accounts).where(accounts.c.id == row["id"])
        db.execute(changed.values(balance_cents=accounts.c.balance_cents + change))
    made = db.execute(insert(transfers).values(**order.model_dump()).returning(transfers)).mappings()
    transfer = Transfer(**made.one())
    response.headers["Location"] = f"/transfers/{transfer.id}"
    return transfer


@router.get("/{transfer_id}", operation_id="getTransfer", responses=declared(401, 404, 422))
def get_transfer(user: User, db: Db, transfer_id: Id) -> Transfer:
    mine = select(accounts.c.id).where(accounts.c.owner_id == user)
    seen = or_(transfers.c.from_account_id.in_(mine), transfers.c.to_account_id.in_(mine))
    row = db.execute(select(transfers).where(transfers.c.id == transfer_id, seen)).mappings().one_or_none()
    if row is None:
        raise HTTPException(404, "No such transfer")
    return Transfer(**row)
