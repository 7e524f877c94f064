"""The routes of cards."""

from fastapi import APIRouter, Response

from app import schemas
from app.database import transaction
from app.repository import Window
from app.services import cards as service
from app.web import (
    AccountId,
    AuthenticatedRoute,
    CardId,
    CurrentCaller,
    Limit,
    Offset,
    created,
    problems,
)

router = APIRouter(tags=["cards"], route_class=AuthenticatedRoute)


@router.post(
    "/accounts/{account_id}/cards",
    operation_id="issueCard",
    summary="Issue a card",
    status_code=201,
    responses=created("The card was issued.", 401, 404, 409, 422),
)
def issue_card(
    account_id: AccountId, caller: CurrentCaller, response: Response
) -> schemas.Card:
    """Only for the owner of an open current account without a live card."""
    with transaction() as session:
        card = service.issue_card(session, caller, account_id)
    response.headers["Location"] = f"/cards/{card.id}"
    return card


@router.get(
    "/accounts/{account_id}/cards",
    operation_id="listAccountCards",
    summary="List the cards of an account",
    response_description="A page of cards.",
    responses=problems(401, 404, 422),
)
def list_account_cards(
    account_id: AccountId, caller: CurrentCaller, limit: Limit = 20, offset: Offset = 0
) -> schemas.CardPage:
    """For the owner and for staff."""
    with transaction() as session:
        return service.list_account_cards(
            session, caller, account_id, Window(limit, offset)
        )


@router.get(
    "/cards/{card_id}",
    operation_id="getCard",
    summary="Read a card",
    response_description="The card.",
    responses=problems(401, 404, 422),
)
def get_card(card_id: CardId, caller: CurrentCaller) -> schemas.Card:
    """For the owner of the account and for staff."""
    with transaction() as session:
        return service.get_card(session, caller, card_id)


@router.post(
    "/cards/{card_id}/freeze",
    operation_id="freezeCard",
    summary="Freeze a card",
    response_description="The frozen card.",
    responses=problems(401, 404, 409, 422),
)
def freeze_card(card_id: CardId, caller: CurrentCaller) -> schemas.Card:
    """Only for the owner of the account. The card must be active."""
    with transaction() as session:
        return service.freeze_card(session, caller, card_id)


@router.post(
    "/cards/{card_id}/unfreeze",
    operation_id="unfreezeCard",
    summary="Unfreeze a card",
    response_description="The active card.",
    responses=problems(401, 404, 409, 422),
)
def unfreeze_card(card_id: CardId, caller: CurrentCaller) -> schemas.Card:
    """Only for the owner of the account. The card must be frozen."""
    with transaction() as session:
        return service.unfreeze_card(session, caller, card_id)


@router.post(
    "/cards/{card_id}/cancel",
    operation_id="cancelCard",
    summary="Cancel a card",
    response_description="The cancelled card.",
    responses=problems(401, 404, 409, 422),
)
def cancel_card(card_id: CardId, caller: CurrentCaller) -> schemas.Card:
    """Only for the owner of the account. The card must be active or frozen."""
    with transaction() as session:
        return service.cancel_card(session, caller, card_id)
