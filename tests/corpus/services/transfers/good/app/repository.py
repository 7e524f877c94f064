"""Data access: every statement of the service."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select, text, true, union
from sqlmodel import Session, SQLModel, col

from app.tables import AccountRow, TransferRow, UserRow

ACCOUNTS = SQLModel.metadata.tables["accounts"]
TRANSFERS = SQLModel.metadata.tables["transfers"]


def ping(session: Session) -> None:
    """Ask the database for a sign of life."""
    session.connection().execute(text("select 1"))


def user_exists(session: Session, user_id: UUID) -> bool:
    """Tell whether the user exists."""
    statement = select(col(UserRow.id)).where(col(UserRow.id) == user_id)
    return session.scalars(statement).first() is not None


def owns_account(session: Session, owner_id: UUID, account_ids: list[UUID]) -> bool:
    """Tell whether one of the accounts belongs to the user; locks nothing."""
    statement = (
        select(col(AccountRow.id))
        .where(col(AccountRow.id).in_(account_ids))
        .where(col(AccountRow.owner_id) == owner_id)
        .limit(1)
    )
    return session.scalars(statement).first() is not None


def lock_accounts(
    session: Session, account_ids: list[UUID]
) -> dict[UUID, AccountRow]:
    """Lock the accounts in the order of their ids and return them."""
    statement = (
        select(AccountRow)
        .where(col(AccountRow.id).in_(account_ids))
        .order_by(col(AccountRow.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {account.id: account for account in session.scalars(statement)}


def find_by_key(
    session: Session, user_id: UUID, idempotency_key: str
) -> TransferRow | None:
    """Return the transfer that the user's key stands for."""
    statement = (
        select(TransferRow)
        .where(col(TransferRow.initiated_by) == user_id)
        .where(col(TransferRow.idempotency_key) == idempotency_key)
    )
    return session.scalars(statement).first()


def change_balance(session: Session, account: AccountRow, amount: int) -> None:
    """Write the new balance of a locked account."""
    account.balance += amount
    session.add(account)
    session.flush()


def add_transfer(session: Session, transfer: TransferRow) -> None:
    """Write a transfer and read back what the database has filled in."""
    session.add(transfer)
    session.flush()
    session.refresh(transfer)


def find_visible(
    session: Session, owner_id: UUID, transfer_id: UUID
) -> TransferRow | None:
    """Return the transfer if the user owns one of its accounts."""
    statement = select(TransferRow).where(col(TransferRow.id) == transfer_id)
    transfer = session.scalars(statement).first()
    if transfer is None:
        return None
    sides = [transfer.source_account_id, transfer.destination_account_id]
    return transfer if owns_account(session, owner_id, sides) else None


def _side(
    account_column: ColumnElement[UUID],
    owner_id: UUID,
    limit: int,
    after: TransferRow | None,
) -> Select[Any]:
    """Select the newest of each own account on one side, through its index."""
    page = select(TRANSFERS.c.id, TRANSFERS.c.created_at).where(
        account_column == ACCOUNTS.c.id
    )
    if after is not None:
        page = page.where(
            TRANSFERS.c.created_at <= after.created_at,
            or_(
                TRANSFERS.c.created_at < after.created_at,
                TRANSFERS.c.id < after.id,
            ),
        )
    newest = (
        page.order_by(TRANSFERS.c.created_at.desc(), TRANSFERS.c.id.desc())
        .limit(limit)
        .lateral()
    )
    return (
        select(newest.c.id, newest.c.created_at)
        .select_from(ACCOUNTS.join(newest, true()))
        .where(ACCOUNTS.c.owner_id == owner_id)
    )


def list_visible(
    session: Session, owner_id: UUID, limit: int, after: TransferRow | None
) -> list[TransferRow]:
    """Return the newest transfers of the user's accounts, each once."""
    found = union(
        _side(TRANSFERS.c.source_account_id, owner_id, limit, after),
        _side(TRANSFERS.c.destination_account_id, owner_id, limit, after),
    ).subquery("found")
    newest = (
        select(found.c.id)
        .order_by(found.c.created_at.desc(), found.c.id.desc())
        .limit(limit)
    )
    ids = list(session.scalars(newest))
    statement = (
        select(TransferRow)
        .where(col(TransferRow.id).in_(ids))
        .order_by(col(TransferRow.created_at).desc(), col(TransferRow.id).desc())
    )
    return list(session.scalars(statement))
