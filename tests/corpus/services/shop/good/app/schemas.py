"""The contract's bodies, number by number."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

MAX_ID = 9223372036854775807
NO_NUL = r"^[^\x00]*$"
EMAIL = r"^[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9.-]{1,120}\.[A-Za-z]{2,24}$"

OrderStatus = Literal[
    "pending", "paid", "shipped", "delivered", "cancelled", "refunded"
]
PaymentStatus = Literal["pending", "succeeded", "failed", "refunded"]
PaymentMethod = Literal["bank_transfer", "cash"]


def _text(minimum: int, maximum: int, pattern: str = NO_NUL) -> StringConstraints:
    return StringConstraints(
        strict=True, min_length=minimum, max_length=maximum, pattern=pattern
    )


CouponCode = Annotated[str, _text(3, 32, r"^[A-Z0-9-]{3,32}$")]


class Incoming(BaseModel):
    """A request body: unknown properties are refused."""

    model_config = ConfigDict(extra="forbid")


class Outgoing(BaseModel):
    """A response body, read from a row."""

    model_config = ConfigDict(from_attributes=True)


class Page(BaseModel):
    """What every page says about itself."""

    limit: int
    offset: int


class Health(Outgoing):
    """The service works."""

    status: Literal["ok"]


class RegisterRequest(Incoming):
    """A new account."""

    email: Annotated[str, _text(3, 254, EMAIL)]
    password: Annotated[str, _text(12, 128), Field(repr=False)]


class LoginRequest(Incoming):
    """Credentials."""

    email: Annotated[str, _text(3, 254)]
    password: Annotated[str, _text(1, 128), Field(repr=False)]


class Token(Outgoing):
    """A bearer token."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int


class User(Outgoing):
    """An account."""

    id: int
    email: str
    role: Literal["customer", "admin"]
    created_at: datetime


class UserPage(Page):
    """A page of users."""

    items: list[User]


class CategoryWrite(Incoming):
    """What an administrator sets of a category."""

    name: Annotated[str, _text(1, 80)]


class Category(Outgoing):
    """A category."""

    id: int
    name: str
    created_at: datetime


class CategoryPage(Page):
    """A page of categories."""

    items: list[Category]


class ProductWrite(Incoming):
    """What an administrator sets of a product."""

    category_id: Annotated[int, Field(strict=True, ge=1, le=MAX_ID)]
    sku: Annotated[str, _text(1, 40, r"^[A-Z0-9-]{1,40}$")]
    name: Annotated[str, _text(1, 200)]
    description: Annotated[str, _text(0, 4000)]
    price_cents: Annotated[int, Field(strict=True, ge=1, le=100_000_000)]
    is_active: Annotated[bool, Field(strict=True)]


class Product(Outgoing):
    """A product."""

    id: int
    category_id: int
    sku: str
    name: str
    description: str
    price_cents: int
    stock_quantity: int
    is_active: bool
    created_at: datetime


class ProductPage(Page):
    """A page of products."""

    items: list[Product]


class StockMovementCreate(Incoming):
    """A receipt or a writeoff."""

    kind: Literal["receipt", "writeoff"]
    quantity: Annotated[int, Field(strict=True, ge=1, le=1_000_000)]
    note: Annotated[str, _text(0, 200)]


class StockMovement(Outgoing):
    """A change of a product's stock."""

    id: int
    product_id: int
    user_id: int
    order_id: int | None
    kind: Literal["receipt", "writeoff", "sale", "return"]
    quantity: int
    note: str
    created_at: datetime


class StockMovementPage(Page):
    """A page of stock movements."""

    items: list[StockMovement]


class CartItemWrite(Incoming):
    """The quantity of a product in the cart."""

    quantity: Annotated[int, Field(strict=True, ge=1, le=99)]


class CartItem(Outgoing):
    """A product in the cart, at its current price."""

    product_id: int
    quantity: int
    product_name: str
    unit_price_cents: int
    line_total_cents: int
    is_available: bool


class Cart(Outgoing):
    """The caller's cart."""

    items: list[CartItem]
    subtotal_cents: int


class OrderCreate(Incoming):
    """Where to send the order, and the coupon to redeem."""

    recipient: Annotated[str, _text(1, 100)]
    address: Annotated[str, _text(1, 200)]
    city: Annotated[str, _text(1, 100)]
    postal_code: Annotated[str, _text(1, 20)]
    country: Annotated[str, _text(2, 2, r"^[A-Z]{2}$")]
    coupon_code: CouponCode | None = None


class OrderItem(Outgoing):
    """A product of an order, at the price when it was ordered."""

    product_id: int
    product_name: str
    unit_price_cents: int
    quantity: int
    line_total_cents: int


class Order(Outgoing):
    """An order, its items by ascending product id."""

    id: int
    user_id: int
    status: OrderStatus
    subtotal_cents: int
    discount_cents: int
    total_cents: int
    coupon_code: str | None
    recipient: str
    address: str
    city: str
    postal_code: str
    country: str
    items: list[OrderItem]
    created_at: datetime


class OrderPage(Page):
    """A page of orders."""

    items: list[Order]


class PaymentCreate(Incoming):
    """How the order will be paid."""

    method: PaymentMethod


class Payment(Outgoing):
    """A payment of an order."""

    id: int
    order_id: int
    method: PaymentMethod
    status: PaymentStatus
    amount_cents: int
    created_at: datetime


class PaymentPage(Page):
    """A page of payments."""

    items: list[Payment]


class ReviewWrite(Incoming):
    """What the author sets of a review."""

    rating: Annotated[int, Field(strict=True, ge=1, le=5)]
    body: Annotated[str, _text(1, 2000)]


class Review(Outgoing):
    """A review of a product."""

    id: int
    product_id: int
    user_id: int
    rating: int
    body: str
    created_at: datetime


class ReviewPage(Page):
    """A page of reviews."""

    items: list[Review]


class CouponCreate(Incoming):
    """A new coupon. It expires valid_days days after its creation."""

    code: CouponCode
    percent_off: Annotated[int, Field(strict=True, ge=1, le=100)]
    max_redemptions: Annotated[int, Field(strict=True, ge=1, le=1_000_000)]
    valid_days: Annotated[int, Field(strict=True, ge=1, le=3650)]


class CouponUpdate(Incoming):
    """What may change of a coupon."""

    max_redemptions: Annotated[int, Field(strict=True, ge=1, le=1_000_000)]
    is_active: Annotated[bool, Field(strict=True)]


class Coupon(Outgoing):
    """A coupon."""

    id: int
    code: str
    percent_off: int
    max_redemptions: int
    redeemed_count: int
    is_active: bool
    expires_at: datetime
    created_at: datetime


class CouponPage(Page):
    """A page of coupons."""

    items: list[Coupon]
