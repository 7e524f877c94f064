"""The bodies of the contract, with its limits."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)

MAX_AMOUNT_MINOR = 999_999_999_999
MAX_LIMIT = 100
MAX_OFFSET = 100_000
MAX_INSTANT_LENGTH = 32

EARLIEST = datetime(1, 1, 2, tzinfo=UTC)
END = datetime(9999, 12, 31, tzinfo=UTC)

INSTANT_PATTERN = (
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}"
    r"(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})$"
)
# The contract's pattern, with the offset's hours and minutes in their range.
INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}"
    r"(\.[0-9]{1,6})?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])"
)


def parse_instant(value: object) -> datetime:
    """Read an RFC 3339 text with a time zone, as an instant in UTC."""
    if not isinstance(value, str) or len(value) > MAX_INSTANT_LENGTH:
        raise ValueError("not a text of the right length")
    if INSTANT.fullmatch(value) is None:
        raise ValueError("not a date and time with a time zone")
    try:
        instant = datetime.fromisoformat(value).astimezone(UTC)
    except OverflowError:
        raise ValueError("out of range") from None
    if not EARLIEST <= instant < END:
        raise ValueError("out of range")
    return instant


def to_utc(value: datetime) -> datetime:
    """Show an instant in UTC."""
    return value.astimezone(UTC)


def not_sent() -> Any:
    """Stand in for a property that was not sent; it is never read."""
    return None


Kind = Annotated[
    Literal["income", "expense"],
    Field(description="Whether the money came in or went out."),
]
AmountMinor = Annotated[
    int,
    Field(
        ge=1,
        le=MAX_AMOUNT_MINOR,
        description="The amount in minor units of the currency.",
        json_schema_extra={"format": "int64"},
    ),
]
Currency = Annotated[
    str,
    StringConstraints(min_length=3, max_length=3, pattern=r"^[A-Z]{3}$"),
    Field(description="The currency's code of three capital letters."),
]
Description = Annotated[
    str,
    StringConstraints(min_length=1, max_length=500, pattern=r"^[^\x00]*$"),
    Field(description="What the transaction was for. NUL is refused."),
]
OccurredAt = Annotated[
    datetime,
    BeforeValidator(parse_instant),
    WithJsonSchema(
        {
            "type": "string",
            "format": "date-time",
            "maxLength": MAX_INSTANT_LENGTH,
            "pattern": INSTANT_PATTERN,
            "description": (
                "When the transaction took place, with its time zone. In UTC "
                "it lies from 0001-01-02T00:00:00Z to before "
                "9999-12-31T00:00:00Z."
            ),
        }
    ),
]
UtcInstant = Annotated[datetime, AfterValidator(to_utc)]


class TransactionInput(BaseModel):
    """All that may be set of a transaction."""

    model_config = ConfigDict(extra="forbid", strict=True)

    kind: Kind
    amount_minor: AmountMinor
    currency: Currency
    description: Description
    occurred_at: OccurredAt


class TransactionPatch(BaseModel):
    """The properties of a transaction to change, at least one."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={"minProperties": 1},
    )

    kind: Kind = Field(default_factory=not_sent)
    amount_minor: AmountMinor = Field(default_factory=not_sent)
    currency: Currency = Field(default_factory=not_sent)
    description: Description = Field(default_factory=not_sent)
    occurred_at: OccurredAt = Field(default_factory=not_sent)

    @model_validator(mode="after")
    def check_not_empty(self) -> Self:
        """Refuse an object without any property."""
        if not self.model_fields_set:
            raise ValueError("at least one property is needed")
        return self


class Transaction(BaseModel):
    """A transaction of the caller."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={"additionalProperties": False},
    )

    id: UUID
    kind: Kind
    amount_minor: AmountMinor
    currency: Currency
    description: Description
    occurred_at: UtcInstant
    created_at: UtcInstant
    updated_at: UtcInstant


class TransactionPage(BaseModel):
    """One page of the caller's transactions."""

    model_config = ConfigDict(
        json_schema_extra={"additionalProperties": False}
    )

    items: Annotated[list[Transaction], Field(max_length=MAX_LIMIT)]
    limit: Annotated[
        int,
        Field(ge=1, le=MAX_LIMIT, json_schema_extra={"format": "int32"}),
    ]
    offset: Annotated[
        int,
        Field(ge=0, le=MAX_OFFSET, json_schema_extra={"format": "int32"}),
    ]


class Health(BaseModel):
    """The state of the service."""

    model_config = ConfigDict(
        json_schema_extra={"additionalProperties": False}
    )

    status: Literal["ok"]
