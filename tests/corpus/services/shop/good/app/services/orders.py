"""Checkout and the states of orders."""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from app.database import transaction
from app.errors import ConflictError, NotFoundError
from app.models import (
    CartItemRow,
    CouponRow,
    OrderItemRow,
    OrderRow,
    ProductRow,
    StockMovementRow,
)
from app.repositories import carts, catalogue, coupons, orders, payments, users
from app.schemas import Order, OrderCreate, OrderItem, OrderPage
from app.security import Caller
from app.services.rights import require_admin
from app.services.stock import return_goods

NO_ORDER = "There is no such order."


def find_visible(session: Session, caller: Caller, order_id: int) -> OrderRow:
    """Read an order of the caller, or any order for an administrator."""
    order = orders.find(session, order_id)
    if order is None or (not caller.is_admin and order.user_id != caller.id):
        raise NotFoundError(NO_ORDER)
    return order


def present(session: Session, rows: Sequence[OrderRow]) -> list[Order]:
    """Build orders with one statement for all items and one for all codes."""
    lines: dict[int, list[OrderItem]] = {row.id: [] for row in rows}
    for line in orders.items(session, list(lines)):
        lines[line.order_id].append(
            OrderItem(
                product_id=line.product_id,
                product_name=line.product_name,
                unit_price_cents=line.unit_price_cents,
                quantity=line.quantity,
                line_total_cents=line.unit_price_cents * line.quantity,
            )
        )
    coupon_ids = [row.coupon_id for row in rows if row.coupon_id is not None]
    codes = coupons.codes(session, coupon_ids)
    return [
        Order.model_validate(
            {
                "id": row.id,
                "user_id": row.user_id,
                "status": row.status,
                "subtotal_cents": row.subtotal_cents,
                "discount_cents": row.discount_cents,
                "total_cents": row.total_cents,
                "recipient": row.recipient,
                "address": row.address,
                "city": row.city,
                "postal_code": row.postal_code,
                "country": row.country,
                "created_at": row.created_at,
                "coupon_code": None if row.coupon_id is None else codes[row.coupon_id],
                "items": lines[row.id],
            }
        )
        for row in rows
    ]


def list_own(caller: Caller, limit: int, offset: int) -> OrderPage:
    """List the caller's orders."""
    with transaction() as session:
        rows = orders.page(session, limit, offset, user_id=caller.id)
        items = present(session, rows)
    return OrderPage(items=items, limit=limit, offset=offset)


def list_all(
    caller: Caller, status: str | None, limit: int, offset: int
) -> OrderPage:
    """List the orders of all users."""
    require_admin(caller)
    with transaction() as session:
        rows = orders.page(session, limit, offset, status=status)
        items = present(session, rows)
    return OrderPage(items=items, limit=limit, offset=offset)


def get_order(caller: Caller, order_id: int) -> Order:
    """Return an order."""
    with transaction() as session:
        order = find_visible(session, caller, order_id)
        return present(session, [order])[0]


def create_order(caller: Caller, key: str, body: OrderCreate) -> Order:
    """Turn the cart into an order, all or nothing, once per key."""
    with transaction() as session:
        users.lock(session, caller.id)
        earlier = orders.find_by_key(session, caller.id, key)
        if earlier is not None:
            view = present(session, [earlier])[0]
            if _request_of(view) != body.model_dump():
                raise ConflictError("The key was used for another request.")
            return view
        coupon = _usable_coupon(session, caller, body.coupon_code)
        items = carts.lock_items(session, caller.id)
        if not items:
            raise ConflictError("The cart is empty.")
        products = catalogue.lock_products(
            session, [item.product_id for item in items]
        )
        _check_goods(items, products)
        order = _add_order(session, caller, key, body, coupon, items, products)
        _take_goods(session, order, items, products)
        if coupon is not None:
            coupon.redeemed_count += 1
        carts.clear(session, caller.id)
        session.flush()
        return present(session, [order])[0]


def cancel_order(caller: Caller, order_id: int) -> Order:
    """Cancel a pending order."""
    with transaction() as session:
        find_visible(session, caller, order_id)
        order = orders.lock(session, order_id)
        if order.status != "pending":
            raise ConflictError("Only a pending order can be cancelled.")
        payment = payments.lock_open(session, order_id)
        if payment is not None and payment.status == "pending":
            payment.status = "failed"
        if order.coupon_id is not None:
            coupon = coupons.lock(session, order.coupon_id)
            coupon.redeemed_count = max(coupon.redeemed_count - 1, 0)
        return_goods(session, caller.id, order_id)
        order.status = "cancelled"
        session.flush()
        return present(session, [order])[0]


def ship_order(caller: Caller, order_id: int) -> Order:
    """Mark a paid order as shipped."""
    return _advance(caller, order_id, "paid", "shipped")


def deliver_order(caller: Caller, order_id: int) -> Order:
    """Mark a shipped order as delivered."""
    return _advance(caller, order_id, "shipped", "delivered")


def _advance(caller: Caller, order_id: int, before: str, after: str) -> Order:
    with transaction() as session:
        find_visible(session, caller, order_id)
        require_admin(caller)
        order = orders.lock(session, order_id)
        if order.status != before:
            raise ConflictError(f"The order is not {before}.")
        order.status = after
        session.flush()
        return present(session, [order])[0]


def _request_of(order: Order) -> dict[str, str | None]:
    return {
        "recipient": order.recipient,
        "address": order.address,
        "city": order.city,
        "postal_code": order.postal_code,
        "country": order.country,
        "coupon_code": order.coupon_code,
    }


def _usable_coupon(
    session: Session, caller: Caller, code: str | None
) -> CouponRow | None:
    if code is None:
        return None
    coupon = coupons.lock_by_code(session, code)
    if (
        coupon is None
        or not coupon.is_active
        or coupon.expires_at <= coupons.current_time(session)
        or coupon.redeemed_count >= coupon.max_redemptions
        or orders.has_used_coupon(session, caller.id, coupon.id)
    ):
        raise ConflictError("The coupon cannot be used.")
    return coupon


def _check_goods(
    items: Sequence[CartItemRow], products: Mapping[int, ProductRow]
) -> None:
    for item in items:
        product = products[item.product_id]
        if not product.is_active:
            raise ConflictError("A product in the cart is not available.")
        if product.stock_quantity < item.quantity:
            raise ConflictError("The stock of a product is too small.")


def _add_order(
    session: Session,
    caller: Caller,
    key: str,
    body: OrderCreate,
    coupon: CouponRow | None,
    items: Sequence[CartItemRow],
    products: Mapping[int, ProductRow],
) -> OrderRow:
    subtotal = sum(
        products[item.product_id].price_cents * item.quantity for item in items
    )
    discount = 0 if coupon is None else subtotal * coupon.percent_off // 100
    order = OrderRow(
        user_id=caller.id,
        coupon_id=None if coupon is None else coupon.id,
        idempotency_key=key,
        status="pending",
        subtotal_cents=subtotal,
        discount_cents=discount,
        total_cents=subtotal - discount,
        recipient=body.recipient,
        address=body.address,
        city=body.city,
        postal_code=body.postal_code,
        country=body.country,
    )
    session.add(order)
    session.flush()
    return order


def _take_goods(
    session: Session,
    order: OrderRow,
    items: Sequence[CartItemRow],
    products: Mapping[int, ProductRow],
) -> None:
    for item in items:
        product = products[item.product_id]
        product.stock_quantity -= item.quantity
        session.add(
            OrderItemRow(
                order_id=order.id,
                product_id=product.id,
                product_name=product.name,
                unit_price_cents=product.price_cents,
                quantity=item.quantity,
            )
        )
        session.add(
            StockMovementRow(
                product_id=product.id,
                user_id=order.user_id,
                order_id=order.id,
                kind="sale",
                quantity=item.quantity,
                note="",
            )
        )
    session.flush()
