"""Data access: statements and locks, no rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, literal, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, aliased

from app import models


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of a list is wanted."""

    limit: int
    offset: int


def _page(statement: Select[Any], model: Any, window: Window) -> Select[Any]:
    return (
        statement.order_by(model.created_at.desc(), model.id.desc())
        .limit(window.limit)
        .offset(window.offset)
    )


def _pair(session: Session, statement: Select[Any]) -> tuple[Any, str] | None:
    row = session.execute(statement).first()
    return None if row is None else (row[0], row[1])


def _pairs(session: Session, statement: Select[Any]) -> list[tuple[Any, str]]:
    return [(row[0], row[1]) for row in session.execute(statement)]


def ping(session: Session) -> None:
    """Ask the database for an answer within two seconds."""
    session.execute(select(func.set_config("statement_timeout", "2000", True)))
    session.execute(select(literal(1)))


# Users


def get_user(session: Session, user_id: UUID) -> models.User | None:
    """Read a user of any role."""
    return session.get(models.User, user_id)


def get_customer(session: Session, customer_id: UUID) -> models.User | None:
    """Read a user with the role customer."""
    return session.scalar(
        select(models.User).where(
            models.User.id == customer_id, models.User.role == "customer"
        )
    )


def lock_customer(session: Session, customer_id: UUID) -> models.User | None:
    """Read and lock a user with the role customer."""
    return session.scalar(
        select(models.User)
        .where(models.User.id == customer_id, models.User.role == "customer")
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )


def list_customers(
    session: Session, only: UUID | None, window: Window
) -> Sequence[models.User]:
    """List customers, or only the one."""
    statement = select(models.User).where(models.User.role == "customer")
    if only is not None:
        statement = statement.where(models.User.id == only)
    return session.scalars(_page(statement, models.User, window)).all()


# Accounts


def get_account(session: Session, account_id: UUID) -> models.Account | None:
    """Read an account of anybody."""
    return session.get(models.Account, account_id)


def get_own_account(
    session: Session, account_id: UUID, owner: UUID
) -> models.Account | None:
    """Read an account of this owner."""
    return session.scalar(
        select(models.Account).where(
            models.Account.id == account_id, models.Account.customer_id == owner
        )
    )


def get_account_by_number(session: Session, number: str) -> models.Account | None:
    """Read the account with this number."""
    return session.scalar(
        select(models.Account).where(models.Account.account_number == number)
    )


def lock_accounts(session: Session, *account_ids: UUID) -> dict[UUID, models.Account]:
    """Lock accounts in ascending order and read them anew."""
    statement = (
        select(models.Account)
        .where(models.Account.id.in_(list(set(account_ids))))
        .order_by(models.Account.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return {account.id: account for account in session.scalars(statement)}


def list_accounts(
    session: Session, owner: UUID | None, number: str | None, window: Window
) -> Sequence[models.Account]:
    """List the accounts of an owner, or of everybody."""
    statement = select(models.Account)
    if owner is not None:
        statement = statement.where(models.Account.customer_id == owner)
    if number is not None:
        statement = statement.where(models.Account.account_number == number)
    return session.scalars(_page(statement, models.Account, window)).all()


def has_active_standing_order(session: Session, account_id: UUID) -> bool:
    """Tell whether an active standing order pays from the account."""
    found = session.scalar(
        select(models.StandingOrder.id)
        .where(
            models.StandingOrder.account_id == account_id,
            models.StandingOrder.status == "active",
        )
        .limit(1)
    )
    return found is not None


def has_live_card(session: Session, account_id: UUID) -> bool:
    """Tell whether the account has a card that is not cancelled."""
    found = session.scalar(
        select(models.Card.id)
        .where(models.Card.account_id == account_id, models.Card.status != "cancelled")
        .limit(1)
    )
    return found is not None


def has_open_dispute(session: Session, account_id: UUID) -> bool:
    """Tell whether a payment from the account is being disputed."""
    found = session.scalar(
        select(models.Dispute.id)
        .join(models.Payment, models.Payment.id == models.Dispute.payment_id)
        .where(
            models.Payment.source_account_id == account_id,
            models.Dispute.status == "open",
        )
        .limit(1)
    )
    return found is not None


# Payees


def get_own_payee(
    session: Session, payee_id: UUID, owner: UUID
) -> models.Payee | None:
    """Read a payee of this owner."""
    return session.scalar(
        select(models.Payee).where(
            models.Payee.id == payee_id, models.Payee.customer_id == owner
        )
    )


def lock_own_payee(
    session: Session, payee_id: UUID, owner: UUID
) -> models.Payee | None:
    """Read and lock a payee of this owner."""
    return session.scalar(
        select(models.Payee)
        .where(models.Payee.id == payee_id, models.Payee.customer_id == owner)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def get_payee_account_id(
    session: Session, payee_id: UUID, owner: UUID
) -> UUID | None:
    """Find the account that a payee of this owner stands for."""
    return session.scalar(
        select(models.Account.id)
        .join(
            models.Payee,
            models.Payee.account_number == models.Account.account_number,
        )
        .where(models.Payee.id == payee_id, models.Payee.customer_id == owner)
    )


def has_payee(session: Session, owner: UUID, number: str) -> bool:
    """Tell whether the owner has a payee with this number."""
    found = session.scalar(
        select(models.Payee.id).where(
            models.Payee.customer_id == owner, models.Payee.account_number == number
        )
    )
    return found is not None


def list_payees(
    session: Session, owner: UUID, window: Window
) -> Sequence[models.Payee]:
    """List the payees of an owner."""
    statement = select(models.Payee).where(models.Payee.customer_id == owner)
    return session.scalars(_page(statement, models.Payee, window)).all()


# Payments


def get_payment(
    session: Session, payment_id: UUID, party: UUID | None = None
) -> tuple[models.Payment, str] | None:
    """Read a payment, of this party if one is given, with the number paid to."""
    source = aliased(models.Account)
    destination = aliased(models.Account)
    statement = (
        select(models.Payment, destination.account_number)
        .join(destination, destination.id == models.Payment.destination_account_id)
        .outerjoin(source, source.id == models.Payment.source_account_id)
        .where(models.Payment.id == payment_id)
    )
    if party is not None:
        statement = statement.where(
            or_(source.customer_id == party, destination.customer_id == party)
        )
    return _pair(session, statement)


def get_own_payment(
    session: Session, payment_id: UUID, owner: UUID
) -> models.Payment | None:
    """Read a payment made from an account of this owner."""
    return session.scalar(
        select(models.Payment)
        .join(models.Account, models.Account.id == models.Payment.source_account_id)
        .where(models.Payment.id == payment_id, models.Account.customer_id == owner)
    )


def list_account_payments(
    session: Session, account_id: UUID, window: Window
) -> list[tuple[models.Payment, str]]:
    """List the payments from and to an account."""
    statement = (
        select(models.Payment, models.Account.account_number)
        .join(
            models.Account, models.Account.id == models.Payment.destination_account_id
        )
        .where(
            or_(
                models.Payment.source_account_id == account_id,
                models.Payment.destination_account_id == account_id,
            )
        )
    )
    return _pairs(session, _page(statement, models.Payment, window))


# Standing orders


def get_standing_order(
    session: Session, order_id: UUID, owner: UUID | None = None
) -> tuple[models.StandingOrder, str] | None:
    """Read a standing order, of this owner if one is given."""
    return _pair(session, _standing_order(order_id, owner))


def lock_own_standing_order(
    session: Session, order_id: UUID, owner: UUID
) -> tuple[models.StandingOrder, str] | None:
    """Read and lock a standing order of this owner."""
    statement = (
        _standing_order(order_id, owner)
        .with_for_update(of=models.StandingOrder, key_share=True)
        .execution_options(populate_existing=True)
    )
    return _pair(session, statement)


def _standing_order(order_id: UUID, owner: UUID | None) -> Select[Any]:
    source = aliased(models.Account)
    destination = aliased(models.Account)
    statement = (
        select(models.StandingOrder, destination.account_number)
        .join(source, source.id == models.StandingOrder.account_id)
        .join(
            destination,
            destination.id == models.StandingOrder.destination_account_id,
        )
        .where(models.StandingOrder.id == order_id)
    )
    if owner is not None:
        statement = statement.where(source.customer_id == owner)
    return statement


def lock_next_due_order(session: Session, today: date) -> models.StandingOrder | None:
    """Take the next due order that no other worker holds."""
    return session.scalar(
        select(models.StandingOrder)
        .where(
            models.StandingOrder.status == "active",
            models.StandingOrder.next_due_on <= today,
        )
        .order_by(models.StandingOrder.next_due_on, models.StandingOrder.id)
        .limit(1)
        .with_for_update(skip_locked=True, key_share=True)
        .execution_options(populate_existing=True)
    )


def list_standing_orders(
    session: Session, account_id: UUID, window: Window
) -> list[tuple[models.StandingOrder, str]]:
    """List the standing orders of an account."""
    statement = (
        select(models.StandingOrder, models.Account.account_number)
        .join(
            models.Account,
            models.Account.id == models.StandingOrder.destination_account_id,
        )
        .where(models.StandingOrder.account_id == account_id)
    )
    return _pairs(session, _page(statement, models.StandingOrder, window))


# Cards


def _card(card_id: UUID, owner: UUID | None) -> Select[Any]:
    statement = (
        select(models.Card)
        .join(models.Account, models.Account.id == models.Card.account_id)
        .where(models.Card.id == card_id)
    )
    if owner is not None:
        statement = statement.where(models.Account.customer_id == owner)
    return statement


def get_card(
    session: Session, card_id: UUID, owner: UUID | None = None
) -> models.Card | None:
    """Read a card, of this owner if one is given."""
    return session.scalar(_card(card_id, owner))


def lock_own_card(session: Session, card_id: UUID, owner: UUID) -> models.Card | None:
    """Read and lock a card of this owner."""
    return session.scalar(
        _card(card_id, owner)
        .with_for_update(of=models.Card, key_share=True)
        .execution_options(populate_existing=True)
    )


def list_cards(
    session: Session, account_id: UUID, window: Window
) -> Sequence[models.Card]:
    """List the cards of an account."""
    statement = select(models.Card).where(models.Card.account_id == account_id)
    return session.scalars(_page(statement, models.Card, window)).all()


# Disputes


def get_dispute(session: Session, dispute_id: UUID) -> models.Dispute | None:
    """Read a dispute of anybody."""
    return session.get(models.Dispute, dispute_id)


def lock_dispute(session: Session, dispute_id: UUID) -> models.Dispute | None:
    """Lock a dispute and read it anew."""
    return session.scalar(
        select(models.Dispute)
        .where(models.Dispute.id == dispute_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )


def has_dispute(session: Session, payment_id: UUID) -> bool:
    """Tell whether the payment has been disputed."""
    found = session.scalar(
        select(models.Dispute.id).where(models.Dispute.payment_id == payment_id)
    )
    return found is not None


def list_disputes(
    session: Session, owner: UUID | None, status: str | None, window: Window
) -> Sequence[models.Dispute]:
    """List the disputes of an owner, or of everybody."""
    statement = select(models.Dispute)
    if owner is not None:
        statement = statement.where(models.Dispute.customer_id == owner)
    if status is not None:
        statement = statement.where(models.Dispute.status == status)
    return session.scalars(_page(statement, models.Dispute, window)).all()


# Idempotency keys


def insert_key(session: Session, values: dict[str, Any]) -> bool:
    """Insert a key; wait for whoever is inserting the same one."""
    statement = (
        insert(models.IdempotencyKey)
        .values(**values)
        .on_conflict_do_nothing(constraint="idempotency_keys_user_key")
        .returning(models.IdempotencyKey.resource_id)
    )
    return session.scalar(statement) is not None


def get_key(
    session: Session, user_id: UUID, key: UUID
) -> models.IdempotencyKey | None:
    """Read a key of this user."""
    return session.scalar(
        select(models.IdempotencyKey).where(
            models.IdempotencyKey.user_id == user_id,
            models.IdempotencyKey.idempotency_key == key,
        )
    )
