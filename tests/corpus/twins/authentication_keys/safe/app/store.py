"""Statements on the database, each in a transaction of its own."""

import os
import sqlite3
from contextlib import closing
from typing import Any


def run(statement: str, *values: Any) -> list[dict[str, Any]]:
    """The rows that a statement gives."""
    with closing(sqlite3.connect(os.environ["DATABASE_URL"].removeprefix("sqlite:///"), timeout=5)) as db, db:
        db.row_factory = sqlite3.Row
        db.execute("PRAGMA foreign_keys = ON")
        return [dict(row) for row in db.execute(statement, values)]


def one(statement: str, *values: Any) -> dict[str, Any] | None:
    """The first row, or None."""
    found = run(statement, *values)
    return found[0] if found else None
