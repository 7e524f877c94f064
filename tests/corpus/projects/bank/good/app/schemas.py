"""The bodies of the contract."""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)

from app.values import parse_uuid

LINE = r"^[^\x00-\x20\x7f]([^\x00-\x1f\x7f]*[^\x00-\x20\x7f])?$"
EMAIL = r"^[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63}){1,3}$"
NUMBER = r"^[0-9]{10}$"
NO_NUL = r"^[^\x00]+$"

Name = Annotated[str, StringConstraints(min_length=1, max_length=120, pattern=LINE)]
Email = Annotated[str, StringConstraints(min_length=5, max_length=254, pattern=EMAIL)]
Reference = Annotated[
    str, StringConstraints(min_length=1, max_length=140, pattern=LINE)
]
AccountNumber = Annotated[
    str, StringConstraints(min_length=10, max_length=10, pattern=NUMBER)
]
LongText = Annotated[
    str, StringConstraints(min_length=1, max_length=2000, pattern=NO_NUL)
]
BodyUuid = Annotated[UUID, BeforeValidator(parse_uuid)]
Amount = Annotated[int, Field(ge=1, le=100_000_000)]
Balance = Annotated[int, Field(ge=0, le=1_000_000_000_000)]
DayOfMonth = Annotated[int, Field(ge=1, le=28)]
PageLimit = Annotated[int, Field(ge=1, le=100)]
PageOffset = Annotated[int, Field(ge=0, le=100_000)]

AccountKind = Literal["current", "savings"]
AccountStatus = Literal["open", "closed"]
PaymentKind = Literal["transfer", "standing_order", "deposit", "refund"]
OrderStatus = Literal["active", "cancelled"]
OrderOutcome = Literal["paid", "insufficient_funds", "account_closed", "limit_reached"]
CardStatus = Literal["active", "frozen", "cancelled"]
DisputeReason = Literal["unauthorised", "wrong_amount", "duplicate", "not_received"]
DisputeStatus = Literal["open", "upheld", "rejected"]
DisputeOutcome = Literal["upheld", "rejected"]


class Input(BaseModel):
    """A body that a client sends: strict, and without unknown properties."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Output(BaseModel):
    """A body that the service sends."""

    model_config = ConfigDict(from_attributes=True)


class ProblemError(Output):
    """One fault of the input."""

    location: Annotated[str, Field(max_length=200)]
    message: Annotated[str, Field(max_length=200)]


class Problem(Output):
    """The one format of errors."""

    type: Annotated[str, Field(max_length=200)]
    title: Annotated[str, Field(max_length=200)]
    status: Annotated[int, Field(ge=400, le=599)]
    detail: Annotated[str, Field(max_length=500)] = ""
    errors: Annotated[list[ProblemError], Field(max_length=50)] = []


class Health(Output):
    """The health of the service."""

    status: Literal["ok"]


class CustomerInput(Input):
    """The data of a customer that can be set."""

    full_name: Name
    email: Email


class Customer(Output):
    """A customer, who is a user with the role customer."""

    id: UUID
    full_name: Annotated[str, Field(max_length=120)]
    email: Annotated[str, Field(max_length=254)]
    created_at: datetime


class AccountCreate(Input):
    """The account to open."""

    kind: AccountKind


class Account(Output):
    """An account."""

    id: UUID
    customer_id: UUID
    account_number: AccountNumber
    kind: AccountKind
    status: AccountStatus
    balance_minor: Balance
    created_at: datetime


class DepositCreate(Input):
    """Cash to pay in."""

    amount_minor: Amount
    reference: Reference


class PaymentCreate(Input):
    """A payment to an own payee."""

    payee_id: BodyUuid
    amount_minor: Amount
    reference: Reference


class Payment(Output):
    """Money that has moved. Deposits and refunds have no source account."""

    id: UUID
    kind: PaymentKind
    source_account_id: UUID | None
    destination_account_id: UUID
    destination_account_number: AccountNumber
    amount_minor: Amount
    reference: Annotated[str, Field(max_length=140)]
    created_at: datetime


class PayeeCreate(Input):
    """The payee to add."""

    name: Name
    account_number: AccountNumber


class Payee(Output):
    """A payee."""

    id: UUID
    name: Annotated[str, Field(max_length=120)]
    account_number: AccountNumber
    created_at: datetime


class StandingOrderUpdate(Input):
    """What can be changed of a standing order."""

    amount_minor: Amount
    reference: Reference
    day_of_month: DayOfMonth


class StandingOrderCreate(Input):
    """A monthly payment to an own payee."""

    payee_id: BodyUuid
    amount_minor: Amount
    reference: Reference
    day_of_month: DayOfMonth


class StandingOrder(Output):
    """A standing order."""

    id: UUID
    account_id: UUID
    destination_account_id: UUID
    destination_account_number: AccountNumber
    amount_minor: Amount
    reference: Annotated[str, Field(max_length=140)]
    day_of_month: DayOfMonth
    status: OrderStatus
    next_due_on: date
    last_due_on: date | None
    last_outcome: OrderOutcome | None
    created_at: datetime


class Card(Output):
    """A card. Its full number is not known to this service."""

    id: UUID
    account_id: UUID
    last_four: Annotated[
        str, StringConstraints(min_length=4, max_length=4, pattern=r"^[0-9]{4}$")
    ]
    expires_on: date
    status: CardStatus
    created_at: datetime


class DisputeCreate(Input):
    """Why the payment is disputed."""

    reason: DisputeReason
    description: LongText


class DisputeResolution(Input):
    """The decision of staff."""

    outcome: DisputeOutcome
    note: LongText


class Dispute(Output):
    """A dispute. Note, refund and time of resolution are null while it is open."""

    id: UUID
    payment_id: UUID
    customer_id: UUID
    reason: DisputeReason
    description: Annotated[str, Field(max_length=2000)]
    status: DisputeStatus
    resolution_note: Annotated[str, Field(max_length=2000)] | None
    refund_payment_id: UUID | None
    resolved_at: datetime | None
    created_at: datetime


class Page(Output):
    """What every page has."""

    limit: PageLimit
    offset: PageOffset


class CustomerPage(Page):
    """A page of customers."""

    items: Annotated[list[Customer], Field(max_length=100)]


class AccountPage(Page):
    """A page of accounts."""

    items: Annotated[list[Account], Field(max_length=100)]


class PaymentPage(Page):
    """A page of payments."""

    items: Annotated[list[Payment], Field(max_length=100)]


class PayeePage(Page):
    """A page of payees."""

    items: Annotated[list[Payee], Field(max_length=100)]


class StandingOrderPage(Page):
    """A page of standing orders."""

    items: Annotated[list[StandingOrder], Field(max_length=100)]


class CardPage(Page):
    """A page of cards."""

    items: Annotated[list[Card], Field(max_length=100)]


class DisputePage(Page):
    """A page of disputes."""

    items: Annotated[list[Dispute], Field(max_length=100)]
