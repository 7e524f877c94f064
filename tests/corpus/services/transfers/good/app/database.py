"""The connection pool and its transactions."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import (
    DBAPIError,
    IntegrityError,
    InterfaceError,
    OperationalError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlmodel import Session

from app.config import get_settings

STATEMENT_TIMEOUT_MS = 5000
LOCK_TIMEOUT_MS = 4000
IDLE_TIMEOUT_MS = 10000

# The database ended an idle transaction, or only reads at the moment.
AWAY_STATES = frozenset({"25P03", "25006"})

# The third argument makes each of them a SET LOCAL.
SET_TIMEOUTS = text(
    "select set_config('statement_timeout', :statement_timeout, true),"
    " set_config('lock_timeout', :lock_timeout, true),"
    " set_config('idle_in_transaction_session_timeout', :idle_timeout, true)"
)


class DatabaseUnavailableError(Exception):
    """The database is away, the pool is exhausted or a time-out was reached."""


class Database:
    """A pool that connects on first use."""

    def __init__(self, url: URL) -> None:
        """Prepare the pool; nothing is connected yet."""
        self.engine = create_engine(
            url,
            pool_size=10,
            max_overflow=0,
            pool_timeout=10,
            pool_pre_ping=True,
            isolation_level="READ COMMITTED",
            hide_parameters=True,
            connect_args={
                "connect_timeout": 5,
                "prepare_threshold": None,
                "keepalives": 1,
                "keepalives_idle": 30,
                "keepalives_interval": 10,
                "keepalives_count": 3,
                "tcp_user_timeout": 10000,
            },
        )

    @contextmanager
    def transaction(
        self, statement_timeout_ms: int = STATEMENT_TIMEOUT_MS
    ) -> Iterator[Session]:
        """Open a transaction: committed at the end, rolled back on any error."""
        try:
            with (
                Session(self.engine, expire_on_commit=False) as session,
                session.begin(),
            ):
                session.connection().execute(
                    SET_TIMEOUTS,
                    {
                        "statement_timeout": str(statement_timeout_ms),
                        "lock_timeout": str(LOCK_TIMEOUT_MS),
                        "idle_timeout": str(IDLE_TIMEOUT_MS),
                    },
                )
                yield session
        except (OperationalError, InterfaceError, PoolTimeoutError):
            raise DatabaseUnavailableError from None
        except DBAPIError as error:
            state = getattr(error.orig, "sqlstate", None)
            if error.connection_invalidated or state in AWAY_STATES:
                raise DatabaseUnavailableError from None
            raise

    def dispose(self) -> None:
        """Close the pooled connections."""
        self.engine.dispose()


def violated_constraint(error: IntegrityError) -> str | None:
    """Return the name of the constraint that refused a statement."""
    diagnostics = getattr(error.orig, "diag", None)
    name = getattr(diagnostics, "constraint_name", None)
    return name if isinstance(name, str) else None


@lru_cache(maxsize=1)
def get_database() -> Database:
    """Return the process's pool, made on first use."""
    return Database(get_settings().database_url)
