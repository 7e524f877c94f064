"""The connection pool and the transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from sqlalchemy import Engine, create_engine, make_url
from sqlalchemy.orm import Session

from app.settings import get_settings


@lru_cache(maxsize=1)
def get_engine() -> Engine:
    """Build the engine; it connects when it is first used."""
    settings = get_settings()
    url = make_url(settings.database_url.get_secret_value())
    options = (
        f"-c statement_timeout={settings.db_statement_timeout_ms} "
        f"-c lock_timeout={settings.db_lock_timeout_ms} "
        "-c timezone=UTC"
    )
    return create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_size=settings.db_pool_size,
        max_overflow=settings.db_max_overflow,
        pool_timeout=settings.db_pool_timeout_seconds,
        pool_pre_ping=True,
        hide_parameters=True,
        isolation_level="READ COMMITTED",
        connect_args={
            "connect_timeout": settings.db_connect_timeout_seconds,
            "options": options,
        },
    )


@contextmanager
def transaction() -> Iterator[Session]:
    """Open one transaction: committed at the end, rolled back on any exception."""
    with Session(get_engine(), expire_on_commit=False) as session, session.begin():
        yield session
