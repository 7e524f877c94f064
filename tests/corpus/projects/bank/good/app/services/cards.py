"""Rules of cards."""

import secrets
from uuid import UUID

from sqlalchemy.orm import Session

from app import models, repository, schemas
from app.errors import ConflictError, NotFoundError
from app.repository import Window
from app.rules import card_expiry, today_utc
from app.security import Caller
from app.services import accounts

MISSING = "There is no such card."


def issue_card(session: Session, caller: Caller, account_id: UUID) -> schemas.Card:
    """Issue a card for an own current account that has none."""
    accounts.own_account(session, caller, account_id)
    account = repository.lock_accounts(session, account_id)[account_id]
    if account.status != "open":
        raise ConflictError(accounts.CLOSED)
    if account.kind != "current":
        msg = "Only a current account can have a card."
        raise ConflictError(msg)
    if repository.has_live_card(session, account_id):
        msg = "The account has a card."
        raise ConflictError(msg)
    card = models.Card(
        account_id=account_id,
        last_four=f"{secrets.randbelow(10_000):04d}",
        expires_on=card_expiry(today_utc()),
    )
    session.add(card)
    session.flush()
    return schemas.Card.model_validate(card)


def list_account_cards(
    session: Session, caller: Caller, account_id: UUID, window: Window
) -> schemas.CardPage:
    """List the cards of an account."""
    accounts.visible_account(session, caller, account_id)
    cards = repository.list_cards(session, account_id, window)
    return schemas.CardPage(
        items=[schemas.Card.model_validate(card) for card in cards],
        limit=window.limit,
        offset=window.offset,
    )


def get_card(session: Session, caller: Caller, card_id: UUID) -> schemas.Card:
    """Read a card, as owner or staff."""
    card = repository.get_card(session, card_id, caller.scope)
    if card is None:
        raise NotFoundError(MISSING)
    return schemas.Card.model_validate(card)


def _move(
    session: Session,
    caller: Caller,
    card_id: UUID,
    allowed: tuple[str, ...],
    wanted: str,
) -> schemas.Card:
    card = repository.lock_own_card(session, card_id, caller.id)
    if card is None:
        raise NotFoundError(MISSING)
    if card.status not in allowed:
        msg = f"The card is {card.status}."
        raise ConflictError(msg)
    card.status = wanted
    session.flush()
    return schemas.Card.model_validate(card)


def freeze_card(session: Session, caller: Caller, card_id: UUID) -> schemas.Card:
    """Freeze an own active card."""
    return _move(session, caller, card_id, ("active",), "frozen")


def unfreeze_card(session: Session, caller: Caller, card_id: UUID) -> schemas.Card:
    """Make an own frozen card active."""
    return _move(session, caller, card_id, ("frozen",), "active")


def cancel_card(session: Session, caller: Caller, card_id: UUID) -> schemas.Card:
    """Cancel an own card."""
    return _move(session, caller, card_id, ("active", "frozen"), "cancelled")
