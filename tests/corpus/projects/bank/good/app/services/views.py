"""Bodies made from rows and the account number that belongs to them."""

from typing import Any

from app import models, schemas


def _columns(row: models.Base) -> dict[str, Any]:
    return {
        attribute.key: getattr(row, attribute.key)
        for attribute in row.__mapper__.column_attrs
    }


def payment(row: models.Payment, number: str) -> schemas.Payment:
    """Make the body of a payment."""
    return schemas.Payment.model_validate(
        _columns(row) | {"destination_account_number": number}
    )


def standing_order(row: models.StandingOrder, number: str) -> schemas.StandingOrder:
    """Make the body of a standing order."""
    return schemas.StandingOrder.model_validate(
        _columns(row) | {"destination_account_number": number}
    )
