"""What comes in and what goes out."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from fastapi import Header, Path, Query
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

MAX_ID = 2**53 - 1
"""The largest integer that every JSON reader keeps (RFC 8259, section 6)."""

MAX_STOCK = 1_000_000_000_000
INT64 = {"format": "int64"}
INT32 = {"format": "int32"}

Id = Annotated[int, Field(strict=True, ge=1, le=MAX_ID, json_schema_extra=INT64, description="An id.")]
Code = Annotated[str, StringConstraints(pattern="^[A-Z0-9]{2,12}$", max_length=12), Field(description="A short code.")]
Sku = Annotated[
    str, StringConstraints(pattern="^[A-Z0-9][A-Z0-9-]{1,31}$", max_length=32), Field(description="The article's code.")
]
# No control characters, and no space at the start.
Name = Annotated[
    str,
    StringConstraints(min_length=1, max_length=120, pattern=r"^[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$"),
    Field(description="A name, for people."),
]
# What is stored is answered as it is: only its length is promised.
CodeKept = Annotated[str, Field(max_length=12, description="A short code.")]
SkuKept = Annotated[str, Field(max_length=32, description="The article's code.")]
NameKept = Annotated[str, Field(max_length=120, description="A name, for people.")]
Cents = Annotated[
    int, Field(strict=True, ge=1, le=100_000_000, json_schema_extra=INT64, description="A price in cents.")
]
Quantity = Annotated[int, Field(strict=True, ge=1, le=1_000_000, json_schema_extra=INT64, description="How many.")]
Total = Annotated[int, Field(ge=0, le=MAX_ID, json_schema_extra=INT64, description="How many there are in all.")]
Instant = Annotated[datetime, Field(description="A time, UTC.")]

Limit = Annotated[int, Query(ge=1, le=100, json_schema_extra=INT32, description="The largest number of items.")]
Offset = Annotated[int, Query(ge=0, le=100_000, json_schema_extra=INT32, description="How many items to leave out.")]
IdFilter = Annotated[int | None, Query(ge=1, le=MAX_ID, description="Only with this id.")]
PathId = Annotated[int, Path(ge=1, le=MAX_ID, json_schema_extra=INT64, description="The id.")]
IdempotencyKey = Annotated[
    UUID,
    Header(alias="Idempotency-Key", description="Drawn by the client for this request, and sent again with a retry."),
]


class Scope(StrEnum):
    """What a client may do."""

    STOCK_READ = "stock:read"
    STOCK_WRITE = "stock:write"
    ADMIN = "admin"


class ProductStatus(StrEnum):
    """Whether a product is still bought."""

    ACTIVE = "active"
    DISCONTINUED = "discontinued"


class ReservationStatus(StrEnum):
    """Where a reservation is."""

    HELD = "held"
    EXPIRED = "expired"
    FULFILLED = "fulfilled"
    RELEASED = "released"


class ReservationEnd(StrEnum):
    """How a client ends a reservation."""

    FULFILLED = "fulfilled"
    RELEASED = "released"


class ProductSort(StrEnum):
    """The order of products."""

    ID = "id"
    NAME = "name"
    PRICE = "price_cents"
    PRICE_DESCENDING = "-price_cents"


class Incoming(BaseModel):
    """The base of bodies: what is not declared is refused."""

    model_config = ConfigDict(extra="forbid")


class Page(BaseModel):
    """The base of lists."""

    total: Total
    limit: Annotated[int, Field(ge=1, le=100, json_schema_extra=INT32, description="The limit that was used.")]
    offset: Annotated[int, Field(ge=0, le=100_000, json_schema_extra=INT32, description="The offset that was used.")]


class Health(BaseModel):
    """The service's state."""

    status: Annotated[str, Field(max_length=10, description="Always ok.")]


class Token(BaseModel):
    """An access token (RFC 6749, section 5.1)."""

    access_token: Annotated[str, Field(max_length=2000, description="To be sent as a bearer token.")]
    token_type: Annotated[str, Field(max_length=10, description="Always bearer.")]
    expires_in: Annotated[int, Field(ge=1, le=86_400, json_schema_extra=INT32, description="Seconds until it ends.")]
    scope: Annotated[str, Field(max_length=100, description="The scopes that were granted.")]


def _unique(scopes: list[Scope]) -> list[Scope]:
    if len(set(scopes)) < len(scopes):
        raise ValueError("a scope is named twice")
    return sorted(scopes)


class ClientNew(Incoming):
    """A client to make."""

    label: Annotated[
        str,
        StringConstraints(min_length=1, max_length=80, pattern=r"^[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$"),
        Field(description="What the client is."),
    ]
    scopes: Annotated[
        list[Scope],
        AfterValidator(_unique),
        Field(min_length=1, max_length=3, json_schema_extra={"uniqueItems": True}, description="What it may do."),
    ]


class ClientMade(BaseModel):
    """A client that was made, with the secret that is told this once."""

    id: Id
    client_key: Annotated[str, Field(max_length=43, description="The client_id to authenticate with.")]
    client_secret: Annotated[str, Field(max_length=64, description="The secret to authenticate with.")]
    label: Annotated[str, Field(max_length=80, description="What the client is.")]
    scopes: Annotated[list[Scope], Field(max_length=3, description="What it may do.")]
    created_at: Instant


class WarehouseNew(Incoming):
    """A warehouse to make."""

    code: Code
    name: Name


class Warehouse(BaseModel):
    """A warehouse."""

    id: Id
    code: CodeKept
    name: NameKept
    created_at: Instant


class WarehousePage(Page):
    """Warehouses."""

    items: Annotated[list[Warehouse], Field(max_length=100, description="By code.")]


class SupplierNew(Incoming):
    """A supplier to make."""

    code: Code
    name: Name


class Supplier(BaseModel):
    """A supplier."""

    id: Id
    code: CodeKept
    name: NameKept
    created_at: Instant


class PriceImport(BaseModel):
    """What a price list has changed."""

    changed: Annotated[int, Field(ge=0, le=2000, json_schema_extra=INT32, description="Products with a new price.")]
    unknown: Annotated[list[Sku], Field(max_length=2000, description="SKUs that are no products of the supplier.")]


class ProductNew(Incoming):
    """A product to make."""

    supplier_id: Id
    sku: Sku
    name: Name
    price_cents: Cents


def _left_out() -> Any:
    """Stands for a property that was not sent; null itself is refused."""
    return None


class ProductChange(Incoming):
    """What to change of a product; what is left out stays."""

    name: Name = Field(default_factory=_left_out)
    price_cents: Cents = Field(default_factory=_left_out)
    status: ProductStatus = Field(default_factory=_left_out)


class Product(BaseModel):
    """A product."""

    id: Id
    supplier_id: Id
    sku: SkuKept
    name: NameKept
    price_cents: Cents
    status: ProductStatus
    created_at: Instant


class ProductPage(Page):
    """Products."""

    items: Annotated[list[Product], Field(max_length=100, description="In the wanted order.")]


class StockLevel(BaseModel):
    """What of one product is in one warehouse."""

    warehouse_id: Id
    product_id: Id
    on_hand: Annotated[int, Field(ge=0, le=MAX_STOCK, json_schema_extra=INT64, description="What is there.")]
    available: Annotated[
        int,
        Field(ge=0, le=MAX_STOCK, json_schema_extra=INT64, description="What is there and not reserved."),
    ]


class StockPage(Page):
    """Stock levels."""

    items: Annotated[list[StockLevel], Field(max_length=100, description="By warehouse and product.")]


class ReceiptNew(Incoming):
    """Goods that have come in."""

    product_id: Id
    warehouse_id: Id
    quantity: Quantity


class MovementNew(Incoming):
    """Goods to move from one warehouse to another."""

    product_id: Id
    from_warehouse_id: Id
    to_warehouse_id: Id
    quantity: Quantity


class Movement(BaseModel):
    """Goods that were moved: a receipt has no source, an issue no destination."""

    id: Id
    product_id: Id
    from_warehouse_id: Id | None
    to_warehouse_id: Id | None
    quantity: Quantity
    created_at: Instant


class MovementPage(Page):
    """Movements."""

    items: Annotated[list[Movement], Field(max_length=100, description="The newest first.")]


class ReservationNew(Incoming):
    """Stock to hold."""

    warehouse_id: Id
    product_id: Id
    quantity: Quantity
    minutes: Annotated[
        int, Field(strict=True, ge=1, le=1440, json_schema_extra=INT32, description="How long to hold it.")
    ] = 30


class ReservationChange(Incoming):
    """How to end a reservation."""

    status: ReservationEnd


class Reservation(BaseModel):
    """Stock that is held, or was."""

    id: Id
    warehouse_id: Id
    product_id: Id
    quantity: Quantity
    status: ReservationStatus
    expires_at: Instant
    created_at: Instant


class ReservationPage(Page):
    """Reservations."""

    items: Annotated[list[Reservation], Field(max_length=100, description="The newest first.")]
