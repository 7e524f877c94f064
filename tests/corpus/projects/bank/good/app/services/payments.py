"""Rules of payments: whatever moves money."""

from uuid import UUID

from sqlalchemy.orm import Session

from app import models, repository, schemas
from app.errors import ConflictError, ForbiddenError, NotFoundError
from app.repository import Window
from app.rules import MAX_BALANCE_MINOR
from app.security import Caller
from app.services import accounts, idempotency, views

MISSING = "There is no such payment."
MISSING_PAYEE = "There is no such payee."
CEILING = "The balance of the receiving account would be too large."


def check_parties(source: models.Account, destination: models.Account) -> None:
    """Refuse closed accounts and a payment to itself."""
    if source.status != "open":
        raise ConflictError(accounts.CLOSED)
    if destination.status != "open":
        msg = "The payee's account is closed."
        raise ConflictError(msg)
    if source.id == destination.id:
        msg = "The payee's account is the source."
        raise ConflictError(msg)


def create_deposit(
    session: Session,
    caller: Caller,
    account_id: UUID,
    key: UUID,
    body: schemas.DepositCreate,
) -> schemas.Payment:
    """Pay cash into somebody else's account, as staff."""
    account = accounts.visible_account(session, caller, account_id)
    if not caller.is_staff or account.customer_id == caller.id:
        msg = "Only staff may pay in, and not into an own account."
        raise ForbiddenError(msg)
    request = idempotency.Request("createDeposit", (account_id,), body)
    claim = idempotency.claim(session, caller, key, request)
    if claim.is_replay:
        return _existing(session, claim.resource_id)
    claim.refuse_clash()
    account = repository.lock_accounts(session, account_id)[account_id]
    if account.status != "open":
        raise ConflictError(accounts.CLOSED)
    if account.balance_minor + body.amount_minor > MAX_BALANCE_MINOR:
        raise ConflictError(CEILING)
    account.balance_minor += body.amount_minor
    payment = models.Payment(
        id=claim.resource_id,
        kind="deposit",
        destination_account_id=account.id,
        amount_minor=body.amount_minor,
        reference=body.reference,
        created_by=caller.id,
    )
    session.add(payment)
    session.flush()
    return views.payment(payment, account.account_number)


def create_payment(
    session: Session,
    caller: Caller,
    account_id: UUID,
    key: UUID,
    body: schemas.PaymentCreate,
) -> schemas.Payment:
    """Pay an own payee from an own account."""
    accounts.own_account(session, caller, account_id)
    request = idempotency.Request("createPayment", (account_id,), body)
    claim = idempotency.claim(session, caller, key, request)
    if claim.is_replay:
        return _existing(session, claim.resource_id)
    payee_account_id = repository.get_payee_account_id(
        session, body.payee_id, caller.id
    )
    if payee_account_id is None:
        raise NotFoundError(MISSING_PAYEE)
    claim.refuse_clash()
    locked = repository.lock_accounts(session, account_id, payee_account_id)
    source, destination = locked[account_id], locked[payee_account_id]
    check_parties(source, destination)
    if source.balance_minor < body.amount_minor:
        msg = "The balance does not suffice."
        raise ConflictError(msg)
    if destination.balance_minor + body.amount_minor > MAX_BALANCE_MINOR:
        raise ConflictError(CEILING)
    source.balance_minor -= body.amount_minor
    destination.balance_minor += body.amount_minor
    payment = models.Payment(
        id=claim.resource_id,
        kind="transfer",
        source_account_id=source.id,
        destination_account_id=destination.id,
        amount_minor=body.amount_minor,
        reference=body.reference,
        created_by=caller.id,
    )
    session.add(payment)
    session.flush()
    return views.payment(payment, destination.account_number)


def _existing(session: Session, payment_id: UUID) -> schemas.Payment:
    found = repository.get_payment(session, payment_id)
    if found is None:
        raise NotFoundError(MISSING)
    return views.payment(*found)


def list_account_payments(
    session: Session, caller: Caller, account_id: UUID, window: Window
) -> schemas.PaymentPage:
    """List the payments from and to an account."""
    accounts.visible_account(session, caller, account_id)
    found = repository.list_account_payments(session, account_id, window)
    return schemas.PaymentPage(
        items=[views.payment(payment, number) for payment, number in found],
        limit=window.limit,
        offset=window.offset,
    )


def get_payment(session: Session, caller: Caller, payment_id: UUID) -> schemas.Payment:
    """Read a payment, as one of its parties or staff."""
    found = repository.get_payment(session, payment_id, caller.scope)
    if found is None:
        raise NotFoundError(MISSING)
    return views.payment(*found)
