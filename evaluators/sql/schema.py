"""The schema of a subject: its SQL artifacts replayed into facts, once.

`subject.fact(schema_of)` is what rules, cross rules, seeds and probes read.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from evaluators.draft import Artifact, Role, Subject
from evaluators.sql import migrations, reading
from evaluators.sql.facts import (
    Check,
    Column,
    Domain,
    Enum,
    ForeignKey,
    Function,
    Grant,
    Index,
    Insert,
    Key,
    Policy,
    Schema,
    Table,
    Trigger,
    Unread,
    View,
)
from evaluators.sql.revisions import revisions_of
from evaluators.sql.types import ColumnType
from evaluators.sql.versions import is_flyway

__all__ = [
    "Check",
    "Column",
    "ColumnType",
    "Domain",
    "Enum",
    "ForeignKey",
    "Function",
    "Grant",
    "Index",
    "Insert",
    "Key",
    "Policy",
    "Schema",
    "Table",
    "Trigger",
    "Unread",
    "View",
    "migrated_schema_of",
    "schema_artifacts",
    "schema_of",
]

_CREATES = re.compile(r"\bCREATE\s+(?:\w+\s+)*TABLE\b", re.IGNORECASE)


def schema_artifacts(subject: Subject) -> tuple[Artifact, ...]:
    """The SQL that makes the schema, in the order in which it is replayed.

    `schema.sql` and other files outside migration folders; the migrations' ways
    up come first where none of those creates a table. Files of queries
    (a folder `queries`) are no schema.
    """
    found = (each for each in subject.draft.having(Role.SCHEMA) if not is_flyway(each))
    own = [each for each in found if "queries" not in PurePosixPath(each.path).parts[:-1]]
    own.sort(key=lambda each: PurePosixPath(each.path).name != "schema.sql")
    if any(_CREATES.search(each.text) for each in own):
        return tuple(own)
    return (*migrated_artifacts(subject), *own)


def migrated_artifacts(subject: Subject) -> tuple[Artifact, ...]:
    """The migrations' ways up in order: those in SQL, else Alembic's revisions put into SQL, line by line."""
    return tuple(migrations.upward(subject)) or subject.fact(revisions_of).upward


def schema_of(subject: Subject) -> Schema:
    """The facts of the subject's schema in its dialect; an empty schema where there is no SQL. Never raises."""
    return reading.read(schema_artifacts(subject), subject.dialect)


def migrated_schema_of(subject: Subject) -> Schema:
    """The schema that the migrations alone build up; an empty one where there are none. Never raises."""
    return reading.read(migrated_artifacts(subject), subject.dialect)
