"""What comes in and what goes out."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from fastapi import Header, Path, Query
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator
from pydantic.json_schema import SkipJsonSchema

MAX_ID = 2**53 - 1
"""The largest integer that every JSON reader keeps (RFC 8259, section 6)."""

MAX_CENTS = 1_000_000_000_000
INT64 = {"format": "int64"}
INT32 = {"format": "int32"}

Id = Annotated[int, Field(strict=True, ge=1, le=MAX_ID, json_schema_extra=INT64, description="An id.")]
Sku = Annotated[
    str, StringConstraints(pattern="^[A-Z0-9][A-Z0-9-]{1,31}$", max_length=32), Field(description="The article's code.")
]
# No control characters, and no space at the start.
NAME = r"^[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$"
Name = Annotated[
    str, StringConstraints(min_length=1, max_length=80, pattern=NAME), Field(description="A name, for people.")
]
Title = Annotated[
    str, StringConstraints(min_length=1, max_length=120, pattern=NAME), Field(description="A name, for people.")
]
Email = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9._%+-]{1,64}@[a-z0-9-]{1,40}(\.[a-z0-9-]{1,10}){1,2}$", max_length=120),
    Field(description="An address, in lower case."),
]
Password = Annotated[
    str,
    StringConstraints(min_length=10, max_length=100),
    Field(description="Ten characters or more.", json_schema_extra={"format": "password", "writeOnly": True}),
]
# What is stored is answered as it is: only its length is promised.
SkuKept = Annotated[str, Field(max_length=32, description="The article's code.")]
NameKept = Annotated[str, Field(max_length=80, description="A name, for people.")]
TitleKept = Annotated[str, Field(max_length=120, description="A name, for people.")]
EmailKept = Annotated[str, Field(max_length=120, description="An address.")]
Price = Annotated[
    int, Field(strict=True, ge=1, le=100_000_000, json_schema_extra=INT64, description="Cents for one piece.")
]
Stock = Annotated[
    int, Field(strict=True, ge=0, le=1_000_000_000, json_schema_extra=INT64, description="Pieces on hand.")
]
StockKept = Annotated[int, Field(ge=0, le=2_000_000_000, json_schema_extra=INT64, description="Pieces on hand.")]
Quantity = Annotated[int, Field(strict=True, ge=1, le=1000, json_schema_extra=INT32, description="Pieces.")]
Amount = Annotated[
    int, Field(strict=True, ge=1, le=100_000_000, json_schema_extra=INT64, description="Cents that are added.")
]
Cents = Annotated[int, Field(ge=0, le=MAX_CENTS, json_schema_extra=INT64, description="Cents.")]
Total = Annotated[int, Field(ge=0, le=MAX_ID, json_schema_extra=INT64, description="How many there are in all.")]


def _utc(value: object) -> object:
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) and value.tzinfo is None else value


Instant = Annotated[datetime, BeforeValidator(_utc), Field(description="A time, UTC.")]

Limit = Annotated[int, Query(ge=1, le=100, json_schema_extra=INT32, description="The largest number of items.")]
Offset = Annotated[int, Query(ge=0, le=100_000, json_schema_extra=INT32, description="How many items to leave out.")]
PathId = Annotated[int, Path(ge=1, le=MAX_ID, json_schema_extra=INT64, description="The id.")]
Words = Annotated[
    str | None, Query(min_length=1, max_length=60, pattern=NAME, description="Only products with this in their name.")
]
IdempotencyKey = Annotated[
    UUID,
    Header(alias="Idempotency-Key", description="Drawn by the client for this order, and sent again with a retry."),
]


class Role(StrEnum):
    """What somebody may do."""

    CUSTOMER = "customer"
    STAFF = "staff"


class OrderStatus(StrEnum):
    """Where an order is."""

    PLACED = "placed"
    SHIPPED = "shipped"
    CANCELLED = "cancelled"


StatusFilter = Annotated[OrderStatus | None, Query(description="Only orders that are there.")]


class Given(BaseModel):
    """A body: nothing that is not declared."""

    model_config = ConfigDict(extra="forbid")


class Health(BaseModel):
    """The service answers."""

    status: str = Field(max_length=10, description="Always ok.")


class Credentials(Given):
    """Address and password."""

    email: str = Field(min_length=3, max_length=120, pattern=r"^[!-~]+$", description="The address.")
    password: str = Field(
        min_length=1,
        max_length=100,
        description="The password.",
        json_schema_extra={"format": "password", "writeOnly": True},
    )


class Token(BaseModel):
    """An access token."""

    access_token: str = Field(max_length=1000, description="For the header Authorization.")
    token_type: str = Field(max_length=10, description="Always bearer.")
    expires_in: int = Field(ge=1, le=86_400, json_schema_extra=INT32, description="Seconds.")


class CustomerNew(Given):
    """Somebody who may sign in."""

    email: Email
    name: Name
    password: Password


class Customer(BaseModel):
    """Somebody who may sign in."""

    id: Id
    email: EmailKept
    name: NameKept
    role: Role = Field(description="What they may do.")
    balance_cents: Cents
    created_at: Instant


class CreditNew(Given):
    """Money that was paid in."""

    amount_cents: Amount


class ProductNew(Given):
    """Something to sell."""

    sku: Sku
    name: Title
    price_cents: Price
    stock: Stock


def _without_defaults(schema: dict[str, Any]) -> None:
    """None stands for what is not given, and is no value."""
    schema["minProperties"] = 1
    for each in schema["properties"].values():
        each.pop("default", None)


class ProductChange(Given):
    """What changes; at least one of them."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=_without_defaults)

    name: Title | SkipJsonSchema[None] = None
    price_cents: Price | SkipJsonSchema[None] = None
    stock: Stock | SkipJsonSchema[None] = None
    is_listed: Annotated[bool, Field(strict=True, description="Whether it can be ordered.")] | SkipJsonSchema[None] = (
        None
    )

    @model_validator(mode="after")
    def _something(self) -> "ProductChange":
        given = self.model_dump(exclude_unset=True)
        if not given or None in given.values():
            raise ValueError("at least one property, and none of them null")
        return self


class Product(BaseModel):
    """Something to sell."""

    id: Id
    sku: SkuKept
    name: TitleKept
    price_cents: Price
    stock: StockKept
    is_listed: bool = Field(description="Whether it can be ordered.")
    created_at: Instant


class ProductPage(BaseModel):
    """A page of products."""

    items: list[Product] = Field(max_length=100, description="The products.")
    total: Total
    limit: int = Field(ge=1, le=100, json_schema_extra=INT32, description="As asked for.")
    offset: int = Field(ge=0, le=100_000, json_schema_extra=INT32, description="As asked for.")


class ItemNew(Given):
    """Pieces of a product."""

    product_id: Id
    quantity: Quantity


class OrderNew(Given):
    """What to buy, each product once."""

    items: list[ItemNew] = Field(min_length=1, max_length=20, description="The products.")

    @model_validator(mode="after")
    def _once(self) -> "OrderNew":
        if len({each.product_id for each in self.items}) < len(self.items):
            raise ValueError("a product stands there twice")
        return self


class Item(BaseModel):
    """Pieces of a product, at the price of that day."""

    product_id: Id
    quantity: Quantity
    price_cents: Price


class OrderSummary(BaseModel):
    """An order without what it holds."""

    id: Id
    customer_id: Id
    status: OrderStatus = Field(description="Where it is.")
    total_cents: Annotated[int, Field(ge=1, le=MAX_ID, json_schema_extra=INT64, description="What was paid.")]
    created_at: Instant


class Order(OrderSummary):
    """An order."""

    items: list[Item] = Field(max_length=20, description="What it holds, by product.")


class OrderPage(BaseModel):
    """A page of orders."""

    items: list[OrderSummary] = Field(max_length=100, description="The orders, the newest first.")
    total: Total
    limit: int = Field(ge=1, le=100, json_schema_extra=INT32, description="As asked for.")
    offset: int = Field(ge=0, le=100_000, json_schema_extra=INT32, description="As asked for.")
