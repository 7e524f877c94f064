"""The tables of the run history and how an older one is brought up to date.

A migration is a function over a connection, run once, in order, inside a transaction
with the version it leads to. A released migration is never edited: a change is a new one.
"""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from assistant import journal_schema_1, journal_schema_2
from assistant.errors import JournalError

METADATA = sa.MetaData()

VERSIONS = sa.Table("backwright_version", METADATA, sa.Column("version", sa.Integer, primary_key=True))

RUNS = sa.Table(
    "runs",
    METADATA,
    sa.Column("id", sa.String(26), primary_key=True),
    sa.Column("created", sa.String(32), nullable=False),
    sa.Column("updated", sa.String(32), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("sentence", sa.Text, nullable=False),
    sa.Column("brief", sa.Text, nullable=False),
    sa.Column("recipe", sa.Text, nullable=False),
    sa.Column("project", sa.Text, nullable=False),
    sa.Column("options", sa.Text, nullable=False),
    # Who began it, and how: `write` asks a model, `check` judges files that were given.
    sa.Column("owner", sa.Text, nullable=False, default=""),
    sa.Column("kind", sa.String(16), nullable=False, default="write"),
    # 1 when somebody asked for its end.
    sa.Column("cancel", sa.Integer, nullable=False, default=0),
    # How often it was begun to be advanced, the number of its last event, and how often
    # it was put into the queue (0: it never was, and no worker takes it).
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    sa.Column("events", sa.Integer, nullable=False, default=0),
    sa.Column("dispatched", sa.Integer, nullable=False, default=0),
    # Who advances the run now, and until when (seconds since 1970) unless renewed.
    sa.Column("holder", sa.Text, nullable=False, default=""),
    sa.Column("held_until", sa.Float, nullable=False, default=0.0),
)

CALLS = sa.Table(
    "calls",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("run", sa.String(26), sa.ForeignKey("runs.id"), nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    # 0 for the answer that counts; else the row's own id: it was replaced, and is kept.
    sa.Column("superseded", sa.Integer, nullable=False, default=0),
    sa.Column("turn", sa.Text, nullable=False),
    sa.Column("round", sa.Integer, nullable=False),
    sa.Column("fingerprint", sa.String(64), nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("messages", sa.Text, nullable=False),
    sa.Column("answer", sa.Text, nullable=False),
    sa.Column("model", sa.Text, nullable=False),
    sa.Column("finish", sa.String(16), nullable=False),
    sa.Column("usage", sa.Text, nullable=False),
    sa.Column("seconds", sa.Float, nullable=False),
    sa.Column("origin", sa.String(16), nullable=False),
    sa.Column("at", sa.String(32), nullable=False),
    sa.UniqueConstraint("run", "seq", "superseded"),
)

REPORTS = sa.Table(
    "reports",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("run", sa.String(26), sa.ForeignKey("runs.id"), nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("key", sa.String(64), nullable=False),
    sa.Column("files", sa.Text, nullable=False),
    sa.Column("report", sa.Text, nullable=False),
    sa.Column("verdict", sa.String(16), nullable=False),
    sa.Column("seconds", sa.Float, nullable=False),
    sa.Column("at", sa.String(32), nullable=False),
    sa.UniqueConstraint("run", "seq"),
)

EVENTS = sa.Table(
    "events",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("run", sa.String(26), sa.ForeignKey("runs.id"), nullable=False),
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("data", sa.Text, nullable=False),
    sa.Column("at", sa.String(32), nullable=False),
    # Rises within the run, and is never given twice.
    sa.Column("seq", sa.Integer, nullable=False, default=0),
    sa.Column("attempt", sa.Integer, nullable=False, default=0),
    # 0 for an event that counts; else the seq of the one that took it back.
    sa.Column("void", sa.Integer, nullable=False, default=0),
)

TEXTS = sa.Table(
    "texts",
    METADATA,
    # Long texts of events, by their SHA-256: prompts and files that stay are kept once.
    sa.Column("sha", sa.String(64), primary_key=True),
    sa.Column("text", sa.Text, nullable=False),
)


MIGRATIONS: tuple[Callable[[sa.Connection], None], ...] = (journal_schema_1.build, journal_schema_2.migrate)
"""Migration n (from 1) leads to version n."""

LOCK = 0x6261636B
"""PostgreSQL's advisory lock while migrating ("back" in ASCII)."""


def migrate(connection: sa.Connection) -> int:
    """Bring the history up to date inside the connection's transaction; the version it has now.

    The transaction must hold the write lock already (SQLite: BEGIN IMMEDIATE), so that
    two processes do not migrate at once. Raises JournalError for a history that is newer.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
    VERSIONS.create(connection, checkfirst=True)
    have = connection.scalar(sa.select(sa.func.max(VERSIONS.c.version))) or 0
    if have > len(MIGRATIONS):
        message = f"the run history has version {have}, and this backwright knows {len(MIGRATIONS)}"
        raise JournalError(message, "install the newer backwright again, or name another history")
    for number, migration in enumerate(MIGRATIONS[have:], have + 1):
        migration(connection)
        connection.execute(VERSIONS.insert().values(version=number))
    return len(MIGRATIONS)
