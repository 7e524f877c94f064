"""The contract's schemas and parameters."""

import re
from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from fastapi import Header, Path, Query
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

UUID_PATTERN = (
    "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$"
)
KEY_PATTERN = "^[A-Za-z0-9_-]{1,64}$"
MAX_AMOUNT = 1_000_000_000_000

_PLAIN_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,9}")

AccountId = Annotated[
    str,
    Field(
        strict=True,
        min_length=36,
        max_length=36,
        pattern=UUID_PATTERN,
        json_schema_extra={"format": "uuid"},
    ),
]
ResponseId = Annotated[UUID, Field(json_schema_extra={"maxLength": 36})]


def _plain_integer(value: object) -> object:
    if isinstance(value, str) and _PLAIN_INTEGER.fullmatch(value) is None:
        message = "must be a plain integer"
        raise ValueError(message)
    return value


IdempotencyKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=64,
        pattern=KEY_PATTERN,
        description=(
            "Chosen by the client, one for each intended transfer, and sent again "
            "unchanged when the request is repeated."
        ),
    ),
]
Limit = Annotated[
    int,
    Query(
        ge=1,
        le=100,
        description="The largest number of transfers in the page.",
        json_schema_extra={"format": "int32"},
    ),
    BeforeValidator(_plain_integer),
]
Cursor = Annotated[
    str | None,
    Query(
        min_length=36,
        max_length=36,
        pattern=UUID_PATTERN,
        description=(
            "The next_cursor of the previous page. A cursor that is not a transfer "
            "of the caller gives an empty page."
        ),
        json_schema_extra={"format": "uuid"},
    ),
]
TransferId = Annotated[
    str,
    Path(
        min_length=36,
        max_length=36,
        pattern=UUID_PATTERN,
        description="The id of the transfer.",
        json_schema_extra={"format": "uuid"},
    ),
]


class TransferCreate(BaseModel):
    """The transfer that is asked for."""

    model_config = ConfigDict(extra="forbid")

    source_account_id: AccountId
    destination_account_id: AccountId
    amount: Annotated[
        int,
        Field(
            strict=True, ge=1, le=MAX_AMOUNT, json_schema_extra={"format": "int64"}
        ),
    ]

    @model_validator(mode="after")
    def accounts_differ(self) -> Self:
        """Compare as UUIDs, so regardless of letter case."""
        if self.source_account_id.lower() == self.destination_account_id.lower():
            message = "the two accounts must differ"
            raise ValueError(message)
        return self


class Transfer(BaseModel):
    """A transfer that was carried out. It never changes."""

    model_config = ConfigDict(extra="forbid")

    id: ResponseId
    source_account_id: ResponseId
    destination_account_id: ResponseId
    amount: Annotated[
        int, Field(ge=1, le=MAX_AMOUNT, json_schema_extra={"format": "int64"})
    ]
    currency: Annotated[str, Field(min_length=3, max_length=3, pattern="^[A-Z]{3}$")]
    created_at: Annotated[datetime, Field(json_schema_extra={"maxLength": 40})]


class TransferPage(BaseModel):
    """One page of the caller's transfers."""

    model_config = ConfigDict(extra="forbid")

    items: Annotated[list[Transfer], Field(max_length=100)]
    next_cursor: UUID | None


class Health(BaseModel):
    """The state of the service."""

    model_config = ConfigDict(extra="forbid")

    status: Literal["ok"]


class FieldError(BaseModel):
    """One field that was refused."""

    model_config = ConfigDict(extra="forbid")

    field: Annotated[str, Field(max_length=64)]
    message: Annotated[str, Field(max_length=200)]


class Problem(BaseModel):
    """The one format of every error."""

    model_config = ConfigDict(extra="forbid")

    type: Annotated[str, Field(max_length=100)]
    title: Annotated[str, Field(max_length=100)]
    status: Annotated[int, Field(ge=400, le=599)]
    detail: Annotated[str, Field(max_length=500)] = ""
    errors: Annotated[list[FieldError], Field(max_length=50)] = []
