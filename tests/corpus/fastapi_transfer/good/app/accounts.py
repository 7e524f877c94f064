"""Accounts of the signed-in user."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, HTTPException, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field, field_validator
from sqlalchemy import insert, or_, select

from app.auth import Db, User
from app.errors import declared
from app.tables import accounts, transfers

router = APIRouter(prefix="/accounts", tags=["accounts"])
Id = Annotated[int, Path(ge=1, le=2**63 - 1)]
Currency = Literal["EUR", "USD", "GBP"]
Name = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[^\x00]*$")]


class AccountOpening(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)

    name: Name
    currency: Currency


class Account(BaseModel):
    id: int
    name: str
    currency: Currency
    balance_cents: int
    created_at: datetime

    @field_validator("created_at")
    @classmethod
    def in_utc(cls, value: datetime) -> datetime:
        return value if value.tzinfo else value.replace(tzinfo=UTC)


class AccountPage(BaseModel):
    items: list[Account]


@router.get("", operation_id="listAccounts", responses=declared(401, 422))
def list_accounts(
    user: User,
    db: Db,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> AccountPage:
    mine = select(accounts).where(accounts.c.owner_id == user).order_by(accounts.c.id).limit(limit).offset(offset)
    return AccountPage(items=[Account(**row) for row in db.execute(mine).mappings()])


@router.post("", status_code=201, operation_id="openAccount", responses=declared(401, 422))
def open_account(user: User, db: Db, opening: AccountOpening, response: Response) -> Account:
    made = db.execute(insert(accounts).values(owner_id=user, **opening.model_dump()).returning(accounts)).mappings()
    account = Account(**made.one())
    response.headers["Location"] = f"/accounts/{account.id}"
    return account


def own(user: int, db: Db, account_id: int) -> Any:
    found = select(accounts).where(accounts.c.id == account_id, accounts.c.owner_id == user).with_for_update()
    row = db.execute(found).mappings().one_or_none()
    if row is None:
        raise HTTPException(404, "No such account")
    return row


@router.get("/{account_id}", operation_id="getAccount", responses=declared(401, 404, 422))
def get_account(user: User, db: Db, account_id: Id) -> Account:
    return Account(**own(user, db, account_id))


@router.delete("/{account_id}", status_code=204, operation_id="closeAccount", responses=declared(401, 404, 409, 422))
def close_account(user: User, db: Db, account_id: Id) -> None:
    row = own(user, db, account_id)
    used = or_(transfers.c.from_account_id == account_id, transfers.c.to_account_id == account_id)
    if row["balance_cents"] or db.scalar(select(transfers.c.id).where(used).limit(1)) is not None:
        raise HTTPException(409, "The account is in use")
    db.execute(accounts.delete().where(accounts.c.id == account_id))
