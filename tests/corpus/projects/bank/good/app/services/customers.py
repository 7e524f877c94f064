"""Rules of customers."""

from uuid import UUID

from sqlalchemy.orm import Session

from app import models, repository, schemas
from app.errors import ForbiddenError, NotFoundError
from app.repository import Window
from app.security import Caller
from app.services import idempotency

MISSING = "There is no such customer."


def create_customer(
    session: Session, caller: Caller, key: UUID, body: schemas.CustomerInput
) -> schemas.Customer:
    """Onboard a customer, as staff."""
    if not caller.is_staff:
        msg = "Only staff may onboard customers."
        raise ForbiddenError(msg)
    request = idempotency.Request("createCustomer", (), body)
    claim = idempotency.claim(session, caller, key, request)
    if claim.is_replay:
        return _existing(session, claim.resource_id)
    claim.refuse_clash()
    user = models.User(
        id=claim.resource_id,
        role="customer",
        full_name=body.full_name,
        email=body.email,
    )
    session.add(user)
    session.flush()
    return schemas.Customer.model_validate(user)


def _existing(session: Session, customer_id: UUID) -> schemas.Customer:
    user = repository.get_user(session, customer_id)
    if user is None:
        raise NotFoundError(MISSING)
    return schemas.Customer.model_validate(user)


def list_customers(
    session: Session, caller: Caller, window: Window
) -> schemas.CustomerPage:
    """List all customers for staff, and themselves for a customer."""
    users = repository.list_customers(session, caller.scope, window)
    return schemas.CustomerPage(
        items=[schemas.Customer.model_validate(user) for user in users],
        limit=window.limit,
        offset=window.offset,
    )


def get_customer(
    session: Session, caller: Caller, customer_id: UUID
) -> schemas.Customer:
    """Read a customer, as themselves or staff."""
    user = repository.get_customer(session, customer_id)
    if user is None or not (caller.is_staff or user.id == caller.id):
        raise NotFoundError(MISSING)
    return schemas.Customer.model_validate(user)


def update_customer(
    session: Session, caller: Caller, customer_id: UUID, body: schemas.CustomerInput
) -> schemas.Customer:
    """Replace the contact data, as the customer."""
    if customer_id != caller.id:
        raise NotFoundError(MISSING)
    user = repository.lock_customer(session, customer_id)
    if user is None:
        raise NotFoundError(MISSING)
    user.full_name = body.full_name
    user.email = body.email
    session.flush()
    return schemas.Customer.model_validate(user)
