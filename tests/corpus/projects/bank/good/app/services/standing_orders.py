"""Rules of standing orders, for the API and for the worker."""

from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from app import models, repository, schemas
from app.errors import ConflictError, NotFoundError
from app.repository import Window
from app.rules import MAX_BALANCE_MINOR, first_due_on, month_after, today_utc
from app.security import Caller
from app.services import accounts, idempotency, payments, views

MISSING = "There is no such standing order."
CANCELLED = "The standing order is cancelled."


def create_standing_order(
    session: Session,
    caller: Caller,
    account_id: UUID,
    key: UUID,
    body: schemas.StandingOrderCreate,
) -> schemas.StandingOrder:
    """Create a standing order from an own account to an own payee."""
    accounts.own_account(session, caller, account_id)
    request = idempotency.Request("createStandingOrder", (account_id,), body)
    claim = idempotency.claim(session, caller, key, request)
    if claim.is_replay:
        return _view(repository.get_standing_order(session, claim.resource_id))
    payee_account_id = repository.get_payee_account_id(
        session, body.payee_id, caller.id
    )
    if payee_account_id is None:
        raise NotFoundError(payments.MISSING_PAYEE)
    claim.refuse_clash()
    locked = repository.lock_accounts(session, account_id, payee_account_id)
    source, destination = locked[account_id], locked[payee_account_id]
    payments.check_parties(source, destination)
    order = models.StandingOrder(
        id=claim.resource_id,
        account_id=source.id,
        destination_account_id=destination.id,
        amount_minor=body.amount_minor,
        reference=body.reference,
        day_of_month=body.day_of_month,
        next_due_on=first_due_on(today_utc(), body.day_of_month),
    )
    session.add(order)
    session.flush()
    return views.standing_order(order, destination.account_number)


def _view(found: tuple[models.StandingOrder, str] | None) -> schemas.StandingOrder:
    if found is None:
        raise NotFoundError(MISSING)
    return views.standing_order(*found)


def list_account_standing_orders(
    session: Session, caller: Caller, account_id: UUID, window: Window
) -> schemas.StandingOrderPage:
    """List the standing orders of an account."""
    accounts.visible_account(session, caller, account_id)
    found = repository.list_standing_orders(session, account_id, window)
    return schemas.StandingOrderPage(
        items=[views.standing_order(order, number) for order, number in found],
        limit=window.limit,
        offset=window.offset,
    )


def get_standing_order(
    session: Session, caller: Caller, order_id: UUID
) -> schemas.StandingOrder:
    """Read a standing order, as owner or staff."""
    return _view(repository.get_standing_order(session, order_id, caller.scope))


def _locked_active(
    session: Session, caller: Caller, order_id: UUID
) -> tuple[models.StandingOrder, str]:
    found = repository.lock_own_standing_order(session, order_id, caller.id)
    if found is None:
        raise NotFoundError(MISSING)
    if found[0].status != "active":
        raise ConflictError(CANCELLED)
    return found


def update_standing_order(
    session: Session, caller: Caller, order_id: UUID, body: schemas.StandingOrderUpdate
) -> schemas.StandingOrder:
    """Replace amount, reference and day of an own active order."""
    order, number = _locked_active(session, caller, order_id)
    order.amount_minor = body.amount_minor
    order.reference = body.reference
    if order.day_of_month != body.day_of_month:
        order.day_of_month = body.day_of_month
        order.next_due_on = first_due_on(today_utc(), body.day_of_month)
    session.flush()
    return views.standing_order(order, number)


def cancel_standing_order(
    session: Session, caller: Caller, order_id: UUID
) -> schemas.StandingOrder:
    """Cancel an own active order."""
    order, number = _locked_active(session, caller, order_id)
    order.status = "cancelled"
    session.flush()
    return views.standing_order(order, number)


def pay_next_due(session: Session, today: date) -> bool:
    """Try one due date of one order; tell whether there was one."""
    order = repository.lock_next_due_order(session, today)
    if order is None:
        return False
    locked = repository.lock_accounts(
        session, order.account_id, order.destination_account_id
    )
    source = locked[order.account_id]
    destination = locked[order.destination_account_id]
    outcome = _outcome(order, source, destination)
    if outcome == "paid":
        source.balance_minor -= order.amount_minor
        destination.balance_minor += order.amount_minor
        session.add(
            models.Payment(
                kind="standing_order",
                source_account_id=source.id,
                destination_account_id=destination.id,
                amount_minor=order.amount_minor,
                reference=order.reference,
                standing_order_id=order.id,
                due_on=order.next_due_on,
            )
        )
    order.last_due_on = order.next_due_on
    order.last_outcome = outcome
    order.next_due_on = month_after(order.next_due_on, order.day_of_month)
    session.flush()
    return True


def _outcome(
    order: models.StandingOrder, source: models.Account, destination: models.Account
) -> str:
    if source.status != "open" or destination.status != "open":
        return "account_closed"
    if source.balance_minor < order.amount_minor:
        return "insufficient_funds"
    if destination.balance_minor + order.amount_minor > MAX_BALANCE_MINOR:
        return "limit_reached"
    return "paid"
