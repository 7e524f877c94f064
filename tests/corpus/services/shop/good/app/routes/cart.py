"""The caller's cart."""

from fastapi import APIRouter

from app.routes.common import (
    BEARER,
    AuthenticatedRoute,
    CurrentCaller,
    ProductId,
    refusals,
)
from app.schemas import Cart, CartItem, CartItemWrite
from app.services import carts

router = APIRouter(tags=["Cart"], route_class=AuthenticatedRoute, dependencies=[BEARER])


@router.get("/cart", operation_id="getCart", responses=refusals(401))
def get_cart(caller: CurrentCaller) -> Cart:
    """Return the cart at current prices, its items by ascending product id."""
    return carts.get_cart(caller)


@router.put(
    "/cart/items/{productId}",
    operation_id="putCartItem",
    responses=refusals(401, 404, 409, 422),
)
def put_cart_item(
    product_id: ProductId, body: CartItemWrite, caller: CurrentCaller
) -> CartItem:
    """Set the quantity of an active product in the caller's cart."""
    return carts.put_item(caller, product_id, body)


@router.delete(
    "/cart/items/{productId}",
    operation_id="deleteCartItem",
    status_code=204,
    responses=refusals(401, 404, 422),
)
def delete_cart_item(product_id: ProductId, caller: CurrentCaller) -> None:
    """Remove the product from the caller's cart."""
    carts.delete_item(caller, product_id)
