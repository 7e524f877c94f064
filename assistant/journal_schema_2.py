"""From version 1 of the run history to 2: owners, the queue, and every event by its number."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa

COLUMNS = (
    "ALTER TABLE runs ADD COLUMN owner TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE runs ADD COLUMN kind VARCHAR(16) NOT NULL DEFAULT 'write'",
    "ALTER TABLE runs ADD COLUMN cancel INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE runs ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE runs ADD COLUMN events INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE runs ADD COLUMN dispatched INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE events ADD COLUMN seq INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE events ADD COLUMN attempt INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE events ADD COLUMN void INTEGER NOT NULL DEFAULT 0",
    "CREATE TABLE texts (sha VARCHAR(64) NOT NULL PRIMARY KEY, text TEXT NOT NULL)",
)
NUMBERS = (
    "UPDATE events SET seq = id, attempt = 1",
    "UPDATE runs SET attempts = 1",
    "UPDATE runs SET events = (SELECT COALESCE(MAX(events.seq), 0) FROM events WHERE events.run = runs.id)",
)
INDEXES = (
    "DROP INDEX events_run",
    "CREATE UNIQUE INDEX events_run_seq ON events (run, seq)",
    "CREATE INDEX runs_owner ON runs (owner, id)",
    "CREATE INDEX runs_state ON runs (state, id)",
    "CREATE INDEX runs_recipe ON runs (recipe, id)",
)


def migrate(connection: sa.Connection) -> None:
    """Bring version 1 to version 2; what it noted of runs becomes events of the present kind."""
    for statement in (*COLUMNS, *NUMBERS):
        connection.exec_driver_sql(statement)
    noted = connection.execute(sa.text("SELECT id, run, kind, data FROM events WHERE kind IN ('read', 'finished')"))
    for id, run, kind, data in noted.fetchall():
        told = _read(json.loads(data)) if kind == "read" else _finished(connection, run, json.loads(data))
        values = {"data": json.dumps(told, ensure_ascii=False), "id": id}
        connection.execute(sa.text("UPDATE events SET data = :data WHERE id = :id"), values)
    for statement in INDEXES:
        connection.exec_driver_sql(statement)


def _read(data: dict[str, Any]) -> dict[str, Any]:
    """Version 1 noted the paths alone."""
    return {"changed": data.get("paths", []), "files": {}}


def _finished(connection: sa.Connection, run: str, data: dict[str, Any]) -> dict[str, Any]:
    """Version 1 noted files and evidence; the report is the one on those files, else the last."""
    query = sa.text("SELECT files, report FROM reports WHERE run = :run ORDER BY seq DESC")
    rows = connection.execute(query, {"run": run}).fetchall()
    alike = next((row for row in rows if json.loads(row[0]) == data["files"]), rows[0] if rows else None)
    report = json.loads(alike[1]) if alike else {"stages": [], "findings": [], "not_checked": []}
    evidence = data["evidence"]
    head = {"outcome": evidence.get("verdict", "unverified"), "reason": evidence.get("reason", "")}
    return {**head, "files": data["files"], "report": report, "evidence": evidence}
