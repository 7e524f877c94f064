"""Rules of accounts."""

from uuid import UUID

from sqlalchemy.orm import Session

from app import models, repository, schemas
from app.errors import ConflictError, ForbiddenError, NotFoundError
from app.repository import Window
from app.security import Caller
from app.services import idempotency

MISSING = "There is no such account."
CLOSED = "The account is closed."


def visible_account(
    session: Session, caller: Caller, account_id: UUID
) -> models.Account:
    """Read an account of the caller, or any as staff."""
    account = repository.get_account(session, account_id)
    if account is None or not (caller.is_staff or account.customer_id == caller.id):
        raise NotFoundError(MISSING)
    return account


def own_account(session: Session, caller: Caller, account_id: UUID) -> models.Account:
    """Read an account of the caller."""
    account = repository.get_own_account(session, account_id, caller.id)
    if account is None:
        raise NotFoundError(MISSING)
    return account


def open_account(
    session: Session, caller: Caller, key: UUID, body: schemas.AccountCreate
) -> schemas.Account:
    """Open an account, as a customer."""
    if not caller.is_customer:
        msg = "Only customers may open accounts."
        raise ForbiddenError(msg)
    request = idempotency.Request("openAccount", (), body)
    claim = idempotency.claim(session, caller, key, request)
    if claim.is_replay:
        account = own_account(session, caller, claim.resource_id)
        return schemas.Account.model_validate(account)
    claim.refuse_clash()
    account = models.Account(
        id=claim.resource_id, customer_id=caller.id, kind=body.kind
    )
    session.add(account)
    session.flush()
    return schemas.Account.model_validate(account)


def list_accounts(
    session: Session, caller: Caller, number: str | None, window: Window
) -> schemas.AccountPage:
    """List own accounts, or all as staff."""
    accounts = repository.list_accounts(session, caller.scope, number, window)
    return schemas.AccountPage(
        items=[schemas.Account.model_validate(account) for account in accounts],
        limit=window.limit,
        offset=window.offset,
    )


def get_account(session: Session, caller: Caller, account_id: UUID) -> schemas.Account:
    """Read an account."""
    return schemas.Account.model_validate(visible_account(session, caller, account_id))


def close_account(
    session: Session, caller: Caller, account_id: UUID
) -> schemas.Account:
    """Close an own account that nothing depends on."""
    own_account(session, caller, account_id)
    account = repository.lock_accounts(session, account_id)[account_id]
    if account.status != "open":
        raise ConflictError(CLOSED)
    if account.balance_minor != 0:
        msg = "The balance is not 0."
        raise ConflictError(msg)
    if repository.has_active_standing_order(session, account_id):
        msg = "The account has an active standing order."
        raise ConflictError(msg)
    if repository.has_live_card(session, account_id):
        msg = "The account has a card that is not cancelled."
        raise ConflictError(msg)
    if repository.has_open_dispute(session, account_id):
        msg = "A payment from the account is being disputed."
        raise ConflictError(msg)
    account.status = "closed"
    session.flush()
    return schemas.Account.model_validate(account)
