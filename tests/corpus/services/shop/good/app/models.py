"""The tables of schema.sql. The service never creates or alters them."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Integer,
    Text,
    func,
)
from sqlmodel import Field, SQLModel


def _id() -> Column[int]:
    return Column(BigInteger, Identity(always=True), primary_key=True)


def _created_at() -> Column[datetime]:
    return Column(DateTime(timezone=True), nullable=False, server_default=func.now())


def _text() -> Column[str]:
    return Column(Text, nullable=False)


def _integer() -> Column[int]:
    return Column(Integer, nullable=False)


def _amount() -> Column[int]:
    return Column(BigInteger, nullable=False)


def _reference(target: str, ondelete: str, *, key: bool = False) -> Column[int]:
    return Column(
        BigInteger,
        ForeignKey(target, ondelete=ondelete),
        nullable=False,
        primary_key=key,
    )


class UserRow(SQLModel, table=True):
    """An account."""

    __tablename__ = "users"

    id: int = Field(default=None, sa_column=_id())
    email: str = Field(sa_column=_text())
    password_hash: str | None = Field(default=None, sa_column=Column(Text))
    role: str = Field(default="customer", sa_column=_text())
    created_at: datetime = Field(default=None, sa_column=_created_at())


class CategoryRow(SQLModel, table=True):
    """A category of products."""

    __tablename__ = "categories"

    id: int = Field(default=None, sa_column=_id())
    name: str = Field(sa_column=_text())
    created_at: datetime = Field(default=None, sa_column=_created_at())


class ProductRow(SQLModel, table=True):
    """A product and its stock."""

    __tablename__ = "products"

    id: int = Field(default=None, sa_column=_id())
    category_id: int = Field(sa_column=_reference("categories.id", "RESTRICT"))
    sku: str = Field(sa_column=_text())
    name: str = Field(sa_column=_text())
    description: str = Field(sa_column=_text())
    price_cents: int = Field(sa_column=_amount())
    stock_quantity: int = Field(default=0, sa_column=_integer())
    is_active: bool = Field(sa_column=Column(Boolean, nullable=False))
    created_at: datetime = Field(default=None, sa_column=_created_at())


class CouponRow(SQLModel, table=True):
    """A coupon."""

    __tablename__ = "coupons"

    id: int = Field(default=None, sa_column=_id())
    code: str = Field(sa_column=_text())
    percent_off: int = Field(sa_column=_integer())
    max_redemptions: int = Field(sa_column=_integer())
    redeemed_count: int = Field(default=0, sa_column=_integer())
    is_active: bool = Field(default=True, sa_column=Column(Boolean, nullable=False))
    expires_at: datetime = Field(
        sa_column=Column(DateTime(timezone=True), nullable=False)
    )
    created_at: datetime = Field(default=None, sa_column=_created_at())


class CartItemRow(SQLModel, table=True):
    """A product in a user's cart."""

    __tablename__ = "cart_items"

    user_id: int = Field(sa_column=_reference("users.id", "CASCADE", key=True))
    product_id: int = Field(sa_column=_reference("products.id", "CASCADE", key=True))
    quantity: int = Field(sa_column=_integer())


class OrderRow(SQLModel, table=True):
    """An order."""

    __tablename__ = "orders"

    id: int = Field(default=None, sa_column=_id())
    user_id: int = Field(sa_column=_reference("users.id", "RESTRICT"))
    coupon_id: int | None = Field(
        default=None,
        sa_column=Column(BigInteger, ForeignKey("coupons.id", ondelete="RESTRICT")),
    )
    idempotency_key: str = Field(sa_column=_text())
    status: str = Field(default="pending", sa_column=_text())
    subtotal_cents: int = Field(sa_column=_amount())
    discount_cents: int = Field(sa_column=_amount())
    total_cents: int = Field(sa_column=_amount())
    recipient: str = Field(sa_column=_text())
    address: str = Field(sa_column=_text())
    city: str = Field(sa_column=_text())
    postal_code: str = Field(sa_column=_text())
    country: str = Field(sa_column=_text())
    created_at: datetime = Field(default=None, sa_column=_created_at())


class OrderItemRow(SQLModel, table=True):
    """A product of an order, at the price when it was ordered."""

    __tablename__ = "order_items"

    order_id: int = Field(sa_column=_reference("orders.id", "CASCADE", key=True))
    product_id: int = Field(sa_column=_reference("products.id", "RESTRICT", key=True))
    product_name: str = Field(sa_column=_text())
    unit_price_cents: int = Field(sa_column=_amount())
    quantity: int = Field(sa_column=_integer())


class PaymentRow(SQLModel, table=True):
    """A payment of an order."""

    __tablename__ = "payments"

    id: int = Field(default=None, sa_column=_id())
    order_id: int = Field(sa_column=_reference("orders.id", "RESTRICT"))
    idempotency_key: str = Field(sa_column=_text())
    method: str = Field(sa_column=_text())
    status: str = Field(default="pending", sa_column=_text())
    amount_cents: int = Field(sa_column=_amount())
    created_at: datetime = Field(default=None, sa_column=_created_at())


class StockMovementRow(SQLModel, table=True):
    """A change of a product's stock."""

    __tablename__ = "stock_movements"

    id: int = Field(default=None, sa_column=_id())
    product_id: int = Field(sa_column=_reference("products.id", "RESTRICT"))
    user_id: int = Field(sa_column=_reference("users.id", "RESTRICT"))
    order_id: int | None = Field(
        default=None,
        sa_column=Column(BigInteger, ForeignKey("orders.id", ondelete="RESTRICT")),
    )
    idempotency_key: str | None = Field(default=None, sa_column=Column(Text))
    kind: str = Field(sa_column=_text())
    quantity: int = Field(sa_column=_integer())
    note: str = Field(default="", sa_column=_text())
    created_at: datetime = Field(default=None, sa_column=_created_at())


class ReviewRow(SQLModel, table=True):
    """A review of a product."""

    __tablename__ = "reviews"

    id: int = Field(default=None, sa_column=_id())
    product_id: int = Field(sa_column=_reference("products.id", "RESTRICT"))
    user_id: int = Field(sa_column=_reference("users.id", "RESTRICT"))
    rating: int = Field(sa_column=_integer())
    body: str = Field(sa_column=_text())
    created_at: datetime = Field(default=None, sa_column=_created_at())
