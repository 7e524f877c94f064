"""Version 1 of the run history, as it was released; kept so that older histories are brought up from it."""

from __future__ import annotations

import sqlalchemy as sa

METADATA = sa.MetaData()

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
)

for _table, _column in ((CALLS, "run"), (REPORTS, "run"), (EVENTS, "run"), (RUNS, "created")):
    sa.Index(f"{_table.name}_{_column}", _table.c[_column])


def build(connection: sa.Connection) -> None:
    """The tables above in an empty database."""
    METADATA.create_all(connection, checkfirst=False)
