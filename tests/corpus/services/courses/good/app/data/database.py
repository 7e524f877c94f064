"""The engine and its sessions."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from sqlalchemy import Engine, create_engine, make_url, text
from sqlmodel import Session

from app.config import get_settings


@lru_cache(maxsize=1)
def get_engine() -> Engine:
    """Make the engine once; it connects when it is first used."""
    settings = get_settings()
    url = make_url(settings.database_url.get_secret_value())
    options = (
        f"-c statement_timeout={settings.db_statement_timeout_ms}"
        f" -c lock_timeout={settings.db_lock_timeout_ms}"
        " -c idle_in_transaction_session_timeout="
        f"{settings.db_idle_transaction_timeout_ms}"
        " -c timezone=UTC"
    )
    return create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_size=settings.db_pool_size,
        max_overflow=settings.db_max_overflow,
        pool_timeout=settings.db_pool_timeout_seconds,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={
            "connect_timeout": settings.db_connect_timeout_seconds,
            "options": options,
        },
    )


@contextmanager
def open_session() -> Iterator[Session]:
    """One transaction: committed at the end, rolled back on every error."""
    with (
        Session(get_engine(), expire_on_commit=False) as session,
        session.begin(),
    ):
        yield session


def ping() -> None:
    """Ask the database for a sign of life."""
    with get_engine().connect() as connection:
        connection.execute(text("SELECT 1"))
