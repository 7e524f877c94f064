"""Stock movements."""

from sqlalchemy.orm import Session

from app.database import transaction
from app.errors import ConflictError, NotFoundError
from app.models import StockMovementRow
from app.repositories import catalogue, orders, stock
from app.schemas import StockMovement, StockMovementCreate, StockMovementPage
from app.security import Caller
from app.services.rights import require_admin

MAX_STOCK_AFTER_RECEIPT = 1_000_000_000
NO_PRODUCT = "There is no such product."


def list_movements(
    caller: Caller, product_id: int, limit: int, offset: int
) -> StockMovementPage:
    """List the changes of a product's stock."""
    with transaction() as session:
        if catalogue.find_product(session, product_id) is None:
            raise NotFoundError(NO_PRODUCT)
        require_admin(caller)
        rows = stock.page(session, product_id, limit, offset)
        items = [StockMovement.model_validate(row) for row in rows]
    return StockMovementPage(items=items, limit=limit, offset=offset)


def create_movement(
    caller: Caller, product_id: int, key: str, body: StockMovementCreate
) -> StockMovement:
    """Book a receipt or a writeoff, once per key."""
    with transaction() as session:
        if catalogue.find_product(session, product_id) is None:
            raise NotFoundError(NO_PRODUCT)
        require_admin(caller)
        product = catalogue.lock_products(session, [product_id])[product_id]
        earlier = stock.find_by_key(session, caller.id, key)
        if earlier is not None:
            if _stored(earlier) != (product_id, body.kind, body.quantity, body.note):
                raise ConflictError("The key was used for another request.")
            return StockMovement.model_validate(earlier)
        change = body.quantity if body.kind == "receipt" else -body.quantity
        quantity = product.stock_quantity + change
        if quantity < 0:
            raise ConflictError("The stock is too small.")
        if change > 0 and quantity > MAX_STOCK_AFTER_RECEIPT:
            raise ConflictError("The stock would become too large.")
        product.stock_quantity = quantity
        row = StockMovementRow(
            product_id=product_id,
            user_id=caller.id,
            idempotency_key=key,
            kind=body.kind,
            quantity=body.quantity,
            note=body.note,
        )
        session.add(row)
        session.flush()
        return StockMovement.model_validate(row)


def return_goods(session: Session, user_id: int, order_id: int) -> None:
    """Put the goods of an order back, within the caller's transaction."""
    lines = orders.items(session, [order_id])
    products = catalogue.lock_products(session, [line.product_id for line in lines])
    for line in lines:
        products[line.product_id].stock_quantity += line.quantity
        session.add(
            StockMovementRow(
                product_id=line.product_id,
                user_id=user_id,
                order_id=order_id,
                kind="return",
                quantity=line.quantity,
                note="",
            )
        )
    session.flush()


def _stored(row: StockMovementRow) -> tuple[int, str, int, str]:
    return (row.product_id, row.kind, row.quantity, row.note)
