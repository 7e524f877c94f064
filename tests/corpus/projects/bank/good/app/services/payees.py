"""Rules of payees."""

from uuid import UUID

from sqlalchemy.orm import Session

from app import models, repository, schemas
from app.errors import ConflictError, ForbiddenError, NotFoundError
from app.repository import Window
from app.security import Caller

MISSING = "There is no such payee."


def create_payee(
    session: Session, caller: Caller, body: schemas.PayeeCreate
) -> schemas.Payee:
    """Add a payee, as a customer."""
    account = repository.get_account_by_number(session, body.account_number)
    if account is None:
        msg = "There is no account with this number."
        raise NotFoundError(msg)
    if not caller.is_customer:
        msg = "Only customers may have payees."
        raise ForbiddenError(msg)
    if account.status != "open":
        msg = "The payee's account is closed."
        raise ConflictError(msg)
    if repository.has_payee(session, caller.id, body.account_number):
        msg = "There is a payee with this account number."
        raise ConflictError(msg)
    payee = models.Payee(
        customer_id=caller.id, account_number=body.account_number, name=body.name
    )
    session.add(payee)
    session.flush()
    return schemas.Payee.model_validate(payee)


def list_payees(session: Session, caller: Caller, window: Window) -> schemas.PayeePage:
    """List own payees."""
    payees = repository.list_payees(session, caller.id, window)
    return schemas.PayeePage(
        items=[schemas.Payee.model_validate(payee) for payee in payees],
        limit=window.limit,
        offset=window.offset,
    )


def get_payee(session: Session, caller: Caller, payee_id: UUID) -> schemas.Payee:
    """Read an own payee."""
    payee = repository.get_own_payee(session, payee_id, caller.id)
    if payee is None:
        raise NotFoundError(MISSING)
    return schemas.Payee.model_validate(payee)


def delete_payee(session: Session, caller: Caller, payee_id: UUID) -> None:
    """Delete an own payee."""
    payee = repository.lock_own_payee(session, payee_id, caller.id)
    if payee is None:
        raise NotFoundError(MISSING)
    session.delete(payee)
    session.flush()
