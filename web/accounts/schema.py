"""The tables of accounts, and how older ones are brought up to date.

They lie in the database of the run history, with a version of their own. As there,
a migration runs once, in order, inside a transaction with the version it leads to,
and a released one is never edited. Times are seconds since 1970.
"""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from assistant.errors import JournalError

METADATA = sa.MetaData()

VERSIONS = sa.Table("accounts_version", METADATA, sa.Column("version", sa.Integer, primary_key=True))

ROLES = "role IN ('viewer', 'author', 'admin')"

PEOPLE = sa.Table(
    "people",
    METADATA,
    sa.CheckConstraint(ROLES, name="people_role"),
    sa.Column("id", sa.String(26), primary_key=True),
    sa.Column("name", sa.String(64), nullable=False),
    # The name in the form in which it is looked up and unique.
    sa.Column("folded", sa.String(200), nullable=False, unique=True),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("password", sa.Text, nullable=False),
    sa.Column("disabled", sa.Boolean, nullable=False),
    sa.Column("created", sa.Float, nullable=False),
)

SESSIONS = sa.Table(
    "sessions",
    METADATA,
    sa.Column("id", sa.String(26), primary_key=True),
    sa.Column("digest", sa.String(64), nullable=False, unique=True),
    sa.Column("person", sa.String(26), sa.ForeignKey("people.id"), nullable=False),
    sa.Column("created", sa.Float, nullable=False),
    sa.Column("seen", sa.Float, nullable=False),
    sa.Column("expires", sa.Float, nullable=False),
    sa.Column("agent", sa.String(200), nullable=False),
    sa.Column("address", sa.String(64), nullable=False),
)

TOKENS = sa.Table(
    "api_tokens",
    METADATA,
    sa.CheckConstraint(ROLES, name="api_tokens_role"),
    sa.Column("id", sa.String(26), primary_key=True),
    sa.Column("digest", sa.String(64), nullable=False, unique=True),
    sa.Column("person", sa.String(26), sa.ForeignKey("people.id"), nullable=False),
    sa.Column("name", sa.String(64), nullable=False),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("created", sa.Float, nullable=False),
    sa.Column("expires", sa.Float, nullable=False),
    sa.Column("used", sa.Float, nullable=True),
)

ATTEMPTS = sa.Table(
    "sign_in_attempts",
    METADATA,
    # A digest: people type passwords into the field for the name.
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("last", sa.Float, nullable=False),
    sa.Column("until", sa.Float, nullable=False),
)

KEYS = sa.Table(
    "idempotency_keys",
    METADATA,
    sa.Column("person", sa.String(26), sa.ForeignKey("people.id"), primary_key=True),
    sa.Column("digest", sa.String(64), primary_key=True),
    # Of what was asked: the key belongs to this request alone.
    sa.Column("content", sa.String(64), nullable=False),
    sa.Column("run", sa.String(26), nullable=False),
    sa.Column("created", sa.Float, nullable=False),
)

for _table in (SESSIONS, TOKENS):
    sa.Index(f"{_table.name}_person", _table.c.person)
sa.Index("sessions_expires", SESSIONS.c.expires)
sa.Index("sign_in_attempts_last", ATTEMPTS.c.last)
sa.Index("idempotency_keys_created", KEYS.c.created)


def _first(connection: sa.Connection) -> None:
    """Version 1: the tables above."""
    METADATA.create_all(connection, [PEOPLE, SESSIONS, TOKENS, ATTEMPTS, KEYS], checkfirst=False)


MIGRATIONS: tuple[Callable[[sa.Connection], None], ...] = (_first,)
"""Migration n (from 1) leads to version n."""

LOCK = 0x70656F70
"""PostgreSQL's advisory lock while migrating ("peop" in ASCII)."""


def migrate(connection: sa.Connection) -> int:
    """Bring the accounts up to date inside the connection's writing transaction; the version they have now.

    Raises JournalError for accounts that are newer.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
    VERSIONS.create(connection, checkfirst=True)
    have = connection.scalar(sa.select(sa.func.max(VERSIONS.c.version))) or 0
    if have > len(MIGRATIONS):
        message = f"the accounts have version {have}, and this backwright knows {len(MIGRATIONS)}"
        raise JournalError(message, "install the newer backwright again, or name another history")
    for number, migration in enumerate(MIGRATIONS[have:], have + 1):
        migration(connection)
        connection.execute(VERSIONS.insert().values(version=number))
    return len(MIGRATIONS)
