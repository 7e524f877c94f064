"""The caller's cart."""

from app.database import transaction
from app.errors import ConflictError, NotFoundError
from app.models import CartItemRow, ProductRow
from app.repositories import carts, catalogue, users
from app.schemas import Cart, CartItem, CartItemWrite
from app.security import Caller

MAX_PRODUCTS = 50


def _present(item: CartItemRow, product: ProductRow) -> CartItem:
    return CartItem(
        product_id=product.id,
        quantity=item.quantity,
        product_name=product.name,
        unit_price_cents=product.price_cents,
        line_total_cents=product.price_cents * item.quantity,
        is_available=product.is_active,
    )


def get_cart(caller: Caller) -> Cart:
    """Return the cart at current prices."""
    with transaction() as session:
        contents = carts.contents(session, caller.id)
        items = [_present(item, product) for item, product in contents]
    return Cart(
        items=items, subtotal_cents=sum(item.line_total_cents for item in items)
    )


def put_item(caller: Caller, product_id: int, body: CartItemWrite) -> CartItem:
    """Set the quantity of an active product."""
    with transaction() as session:
        users.lock(session, caller.id)
        product = catalogue.find_active_product(session, product_id)
        if product is None:
            raise NotFoundError("There is no such product.")
        if carts.count_others(session, caller.id, product_id) >= MAX_PRODUCTS:
            raise ConflictError("The cart is full.")
        item = carts.find(session, caller.id, product_id)
        if item is None:
            item = CartItemRow(
                user_id=caller.id, product_id=product_id, quantity=body.quantity
            )
            session.add(item)
        else:
            item.quantity = body.quantity
        session.flush()
        return _present(item, product)


def delete_item(caller: Caller, product_id: int) -> None:
    """Take a product out of the cart."""
    with transaction() as session:
        users.lock(session, caller.id)
        item = carts.find(session, caller.id, product_id)
        if item is None:
            raise NotFoundError("The product is not in the cart.")
        session.delete(item)
        session.flush()
