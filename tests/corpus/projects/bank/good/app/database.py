"""The engine and the transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from sqlalchemy import Engine, create_engine, make_url
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.config import Settings, get_settings
from app.errors import ConflictError

SESSION_OPTIONS = (
    "-c timezone=UTC "
    "-c statement_timeout=5000 "
    "-c lock_timeout=3000 "
    "-c idle_in_transaction_session_timeout=10000"
)

CONFLICTS = {
    "payees_customer_account_key": "There is a payee with this account number.",
    "disputes_payment_id_key": "The payment has been disputed already.",
    "disputes_refund_payment_id_key": "The dispute has been resolved already.",
    "cards_one_live_for_account_key": "The account has a card.",
    "accounts_balance_range": "The balance would leave its range.",
    "accounts_closed_is_empty": "The account is closed.",
    "idempotency_keys_user_key": "The key was used for another request.",
    "payments_standing_order_due_key": "The due date has been paid already.",
    "payments_accounts_differ": "The payee's account is the source.",
    "standing_orders_accounts_differ": "The payee's account is the source.",
}


def build_engine(settings: Settings, pool_size: int, max_overflow: int) -> Engine:
    """Make an engine. It does not connect yet."""
    url = make_url(settings.database_url.get_secret_value())
    return create_engine(
        url.set(drivername="postgresql+psycopg"),
        isolation_level="READ COMMITTED",
        pool_size=pool_size,
        max_overflow=max_overflow,
        pool_timeout=5,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={"connect_timeout": 5, "options": SESSION_OPTIONS},
    )


@lru_cache(maxsize=1)
def get_engine() -> Engine:
    """Give the engine of this process, made at the first use."""
    settings = get_settings()
    return build_engine(settings, settings.db_pool_size, settings.db_max_overflow)


def conflict_of(error: IntegrityError) -> ConflictError | None:
    """Find the refusal that a violated constraint stands for."""
    name = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
    detail = CONFLICTS.get(name) if isinstance(name, str) else None
    return None if detail is None else ConflictError(detail)


@contextmanager
def transaction(engine: Engine | None = None) -> Iterator[Session]:
    """Open one transaction, committed at the end and rolled back on any error."""
    try:
        with (
            Session(engine or get_engine(), expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session
    except IntegrityError as error:
        conflict = conflict_of(error)
        if conflict is None:
            raise
        raise conflict from error
