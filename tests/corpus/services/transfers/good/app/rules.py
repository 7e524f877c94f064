"""The rules of a transfer; they know no HTTP."""

import hashlib
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from app import repository
from app.database import Database, violated_constraint
from app.tables import AccountRow, TransferRow

MAX_BALANCE = 9_000_000_000_000_000
HEALTH_TIMEOUT_MS = 2000
ACTIVE = "active"

BALANCE_CONSTRAINT = "accounts_balance_range"
KEY_CONSTRAINT = "transfers_initiated_by_idempotency_key_key"


class RefusedError(Exception):
    """The rules refuse the request; nothing was changed."""


class NotFoundError(RefusedError):
    """It does not exist, or belongs to somebody else."""


class KeyReusedError(RefusedError):
    """The idempotency key stands for another request."""


class SourceClosedError(RefusedError):
    """The source account is closed."""


class InsufficientFundsError(RefusedError):
    """The source account holds less than the amount."""


class DestinationCannotReceiveError(RefusedError):
    """The destination is closed, full or of another currency."""


@dataclass(frozen=True)
class TransferOrder:
    """What the caller asks for."""

    caller_id: UUID
    source_account_id: UUID
    destination_account_id: UUID
    amount: int
    idempotency_key: str

    @property
    def fingerprint(self) -> str:
        """The same for equal requests only."""
        request = (
            f"{self.source_account_id}:{self.destination_account_id}:{self.amount}"
        )
        return hashlib.sha256(request.encode("ascii")).hexdigest()


def create_transfer(database: Database, order: TransferOrder) -> TransferRow:
    """Carry the order out, once for each key of the caller."""
    with database.transaction() as session:
        return _create(session, order)


def _create(session: Session, order: TransferOrder) -> TransferRow:
    # Without a lock, so that a stranger never waits for an account.
    own = repository.owns_account(
        session, order.caller_id, [order.source_account_id]
    )
    if not own:
        raise NotFoundError
    accounts = repository.lock_accounts(
        session, [order.source_account_id, order.destination_account_id]
    )
    source = accounts.get(order.source_account_id)
    destination = accounts.get(order.destination_account_id)
    if source is None or source.owner_id != order.caller_id or destination is None:
        raise NotFoundError

    # After the locks: a repeated request has waited for the first one here.
    stored = repository.find_by_key(session, order.caller_id, order.idempotency_key)
    if stored is not None:
        if stored.request_fingerprint != order.fingerprint:
            raise KeyReusedError
        return stored

    _check_states(source, destination, order.amount)
    return _move(session, source, destination, order)


def _check_states(source: AccountRow, destination: AccountRow, amount: int) -> None:
    if source.status != ACTIVE:
        raise SourceClosedError
    if source.balance < amount:
        raise InsufficientFundsError
    if (
        destination.status != ACTIVE
        or destination.currency != source.currency
        or destination.balance + amount > MAX_BALANCE
    ):
        raise DestinationCannotReceiveError


def _move(
    session: Session,
    source: AccountRow,
    destination: AccountRow,
    order: TransferOrder,
) -> TransferRow:
    try:
        repository.change_balance(session, source, -order.amount)
    except IntegrityError as error:
        if violated_constraint(error) == BALANCE_CONSTRAINT:
            raise InsufficientFundsError from None
        raise
    try:
        repository.change_balance(session, destination, order.amount)
    except IntegrityError as error:
        if violated_constraint(error) == BALANCE_CONSTRAINT:
            raise DestinationCannotReceiveError from None
        raise
    transfer = TransferRow(
        initiated_by=order.caller_id,
        source_account_id=order.source_account_id,
        destination_account_id=order.destination_account_id,
        amount=order.amount,
        currency=source.currency,
        idempotency_key=order.idempotency_key,
        request_fingerprint=order.fingerprint,
    )
    try:
        repository.add_transfer(session, transfer)
    except IntegrityError as error:
        # An equal request would have waited at the locks: this is another one.
        if violated_constraint(error) == KEY_CONSTRAINT:
            raise KeyReusedError from None
        raise
    return transfer


def list_transfers(
    database: Database, caller_id: UUID, limit: int, cursor: UUID | None
) -> tuple[list[TransferRow], UUID | None]:
    """Return a page of the caller's transfers and the next page's cursor."""
    with database.transaction() as session:
        after = None
        if cursor is not None:
            after = repository.find_visible(session, caller_id, cursor)
            if after is None:
                return [], None
        found = repository.list_visible(session, caller_id, limit + 1, after)
    page = found[:limit]
    return page, page[-1].id if len(found) > limit else None


def get_transfer(
    database: Database, caller_id: UUID, transfer_id: UUID
) -> TransferRow:
    """Return a transfer from or to an account of the caller."""
    with database.transaction() as session:
        transfer = repository.find_visible(session, caller_id, transfer_id)
    if transfer is None:
        raise NotFoundError
    return transfer


def check_health(database: Database) -> None:
    """Ask the database; raises when it is away."""
    with database.transaction(HEALTH_TIMEOUT_MS) as session:
        repository.ping(session)
