"""Rules of disputes."""

from uuid import UUID

from sqlalchemy import func
from sqlalchemy.orm import Session

from app import models, repository, schemas
from app.errors import ConflictError, ForbiddenError, NotFoundError
from app.repository import Window
from app.rules import MAX_BALANCE_MINOR
from app.security import Caller
from app.services import accounts, payments

MISSING = "There is no such dispute."


def open_dispute(
    session: Session, caller: Caller, payment_id: UUID, body: schemas.DisputeCreate
) -> schemas.Dispute:
    """Dispute a payment made from an own account."""
    payment = repository.get_own_payment(session, payment_id, caller.id)
    if payment is None or payment.source_account_id is None:
        raise NotFoundError(payments.MISSING)
    source_id = payment.source_account_id
    source = repository.lock_accounts(session, source_id)[source_id]
    if repository.has_dispute(session, payment_id):
        msg = "The payment has been disputed already."
        raise ConflictError(msg)
    destination = repository.get_own_account(
        session, payment.destination_account_id, caller.id
    )
    if destination is not None:
        msg = "The payment went to an own account."
        raise ConflictError(msg)
    if source.status != "open":
        raise ConflictError(accounts.CLOSED)
    dispute = models.Dispute(
        payment_id=payment_id,
        customer_id=caller.id,
        reason=body.reason,
        description=body.description,
    )
    session.add(dispute)
    session.flush()
    return schemas.Dispute.model_validate(dispute)


def list_disputes(
    session: Session, caller: Caller, status: str | None, window: Window
) -> schemas.DisputePage:
    """List own disputes, or all as staff."""
    disputes = repository.list_disputes(session, caller.scope, status, window)
    return schemas.DisputePage(
        items=[schemas.Dispute.model_validate(dispute) for dispute in disputes],
        limit=window.limit,
        offset=window.offset,
    )


def _visible(session: Session, caller: Caller, dispute_id: UUID) -> models.Dispute:
    dispute = repository.get_dispute(session, dispute_id)
    if dispute is None or not (caller.is_staff or dispute.customer_id == caller.id):
        raise NotFoundError(MISSING)
    return dispute


def get_dispute(session: Session, caller: Caller, dispute_id: UUID) -> schemas.Dispute:
    """Read a dispute, as the payer or staff."""
    return schemas.Dispute.model_validate(_visible(session, caller, dispute_id))


def resolve_dispute(
    session: Session, caller: Caller, dispute_id: UUID, body: schemas.DisputeResolution
) -> schemas.Dispute:
    """Decide somebody else's dispute, as staff."""
    dispute = _visible(session, caller, dispute_id)
    if not caller.is_staff or dispute.customer_id == caller.id:
        msg = "Only staff may resolve disputes, and not their own."
        raise ForbiddenError(msg)
    found = repository.get_payment(session, dispute.payment_id)
    source_id = None if found is None else found[0].source_account_id
    if found is None or source_id is None:
        msg = "The payment has no account to refund to."
        raise ConflictError(msg)
    payment = found[0]
    account = repository.lock_accounts(session, source_id)[source_id]
    locked = repository.lock_dispute(session, dispute_id)
    if locked is None:
        raise NotFoundError(MISSING)
    if locked.status != "open":
        msg = "The dispute has been resolved already."
        raise ConflictError(msg)
    if body.outcome == "upheld":
        locked.refund_payment_id = _refund(session, caller, payment, account)
    locked.status = body.outcome
    locked.resolution_note = body.note
    locked.resolved_by = caller.id
    locked.resolved_at = func.now()
    session.flush()
    session.refresh(locked)
    return schemas.Dispute.model_validate(locked)


def _refund(
    session: Session, caller: Caller, payment: models.Payment, account: models.Account
) -> UUID:
    if account.balance_minor + payment.amount_minor > MAX_BALANCE_MINOR:
        raise ConflictError(payments.CEILING)
    account.balance_minor += payment.amount_minor
    refund = models.Payment(
        kind="refund",
        destination_account_id=account.id,
        amount_minor=payment.amount_minor,
        reference=f"Refund of payment {payment.id}",
        created_by=caller.id,
    )
    session.add(refund)
    session.flush()
    return refund.id
