"""The engine, and one transaction for a unit of work."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from sqlalchemy import Engine, create_engine, make_url
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.config import config
from app.errors import Refusal

POOL_SIZE = 10
OPTIONS = "-c timezone=UTC -c statement_timeout=5000 -c lock_timeout=3000 -c idle_in_transaction_session_timeout=10000"

TAKEN = {
    "users_email_key": ("email_taken", "An account has this address."),
    "users_credit_hours_range": ("credit_range", "The hours would leave their range."),
    "rooms_name_key": ("name_taken", "A room has this name."),
    "bookings_do_not_overlap": ("room_taken", "The room is taken at that time."),
    "invitations_booking_invitee_key": ("already_invited", "This user is invited already."),
}


@lru_cache(maxsize=1)
def engine() -> Engine:
    """The engine of this process. It connects at its first use."""
    url = make_url(config().database_url.get_secret_value())
    return create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_size=POOL_SIZE,
        max_overflow=0,
        pool_timeout=5,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={"connect_timeout": 5, "options": OPTIONS},
    )


@contextmanager
def unit() -> Iterator[Session]:
    """A session whose work is committed at the end, and undone on any error."""
    try:
        with Session(engine(), expire_on_commit=False) as session, session.begin():
            yield session
    except IntegrityError as error:
        name = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
        known = TAKEN.get(name or "")
        if known is None:
            raise
        raise Refusal(409, *known) from None
