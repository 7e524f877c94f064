"""PostgreSQL's own parser (postgast) -> the builder. sqlglot is asked only where that one gives up."""

from __future__ import annotations

import postgast
from google.protobuf.message import DecodeError

from evaluators.sql import postgres_objects, postgres_tables
from evaluators.sql.builder import Builder, NotRead
from evaluators.sql.facts import Unread
from evaluators.sql.postgres_tree import READERS, Source, dispatch
from evaluators.sql.statements import Statement

READERS.update(postgres_tables.TABLE_READERS)
READERS.update(postgres_objects.OBJECT_READERS)


def read_postgres(statement: Statement, builder: Builder) -> NotRead | None:
    """Read one statement; None where PostgreSQL's grammar takes it.

    What the grammar takes and nothing here understands becomes `Unread`.
    """
    try:
        tree = postgast.parse(statement.text)
    except DecodeError:
        # Rare, and sqlglot takes longer to import than a schema to read.
        from evaluators.sql.generic import read_generic

        read_generic(statement, builder)
        builder.unread.append(Unread(statement, "it is nested too deeply to be read here", statement.at()))
        return None
    except postgast.PgQueryError as error:
        return _refused(statement, error)
    source = Source(statement, builder)
    for raw in tree.stmts:
        dispatch(raw.stmt, source)
    return None


def _refused(statement: Statement, error: postgast.PgQueryError) -> NotRead:
    """PostgreSQL's refusal; its words come from the pinned parser and so are the same everywhere."""
    prefix = statement.text.encode()[: max(error.cursorpos - 1, 0)]
    said = " ".join(error.message.split())
    if len(said) > 120:
        said = said[:117] + "..."
    return NotRead(len(prefix.decode(errors="ignore")), f"PostgreSQL refuses it: {said}.")
