"""Events in the run history: numbered within the run, long texts kept once.

Functions over a connection, inside the caller's transaction.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from assistant.errors import HeldElsewhere, JournalError
from assistant.event_records import STREAMED, Stored
from assistant.journal_engine import now_text
from assistant.journal_schema import EVENTS, RUNS, TEXTS

LONG = 600
"""Characters from which on a text of an event is kept by its hash."""

KEPT = "\x01"
"""The key under which an event names a text by its hash; no path of a file can be it."""


def append(connection: sa.Connection, run: str, attempt: int, told: Sequence[tuple[str, Any]], holder: str = "") -> int:
    """Append events (kind, data) and return the last one's number.

    With `holder`, only while that process holds the run. Raises JournalError.
    """
    mine = RUNS.c.id == run
    if holder:
        mine &= RUNS.c.holder == holder
    # The row's lock makes numbers visible in their order.
    step = RUNS.update().where(mine).values(events=RUNS.c.events + len(told), updated=now_text())
    last: int | None = connection.scalar(step.returning(RUNS.c.events))
    if last is None:
        if holder:
            raise HeldElsewhere(f"run {run} is advanced by another process now")
        raise JournalError(f"run {run} is not in the history")
    rows: list[dict[str, Any]] = []
    texts: dict[str, str] = {}
    at = now_text()
    for seq, (kind, data) in enumerate(told, last - len(told) + 1):
        # Pieces of an answer go soon, and their texts with them.
        held = data if kind == STREAMED else _shortened(data, texts)
        text = json.dumps(held, ensure_ascii=False).encode("utf-8", "replace").decode()
        rows.append({"run": run, "seq": seq, "attempt": attempt, "kind": kind, "data": text, "at": at})
    _keep_texts(connection, texts)
    if rows:
        connection.execute(EVENTS.insert(), rows)
    return last


def insert_new(connection: sa.Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> bool:
    """Insert the rows whose keys are not there yet; of one row, whether it was new."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    statement = insert(table).on_conflict_do_nothing()
    if len(rows) == 1:
        # Drivers do not all tell how many rows there were.
        made = connection.execute(statement.values(rows[0]).returning(*table.primary_key.columns))
        return made.first() is not None
    connection.execute(statement, list(rows))
    return True


def after(connection: sa.Connection, run: str, seq: int, limit: int | None = None) -> list[Stored]:
    """The run's events that count, by number, after `seq`."""
    wanted = (EVENTS.c.run == run) & (EVENTS.c.seq > seq) & (EVENTS.c.void == 0)
    query = sa.select(EVENTS).where(wanted).order_by(EVENTS.c.seq).limit(limit)
    rows = [(row, json.loads(row["data"])) for row in connection.execute(query).mappings().all()]
    texts = _texts(connection, {sha for _, data in rows for sha in _named(data)})
    return [Stored(row["seq"], row["attempt"], row["at"], row["kind"], _filled(data, texts)) for row, data in rows]


def take_back(connection: sa.Connection, run: str, after: int, by: int) -> None:
    """Events after number `after` and before number `by` count no more; they are kept.

    What came from outside any attempt (files that were given) counts on.
    """
    told = (EVENTS.c.run == run) & (EVENTS.c.attempt > 0)
    gone = told & (EVENTS.c.seq > after) & (EVENTS.c.seq < by) & (EVENTS.c.void == 0)
    connection.execute(EVENTS.update().where(gone).values(void=by))


def drop_streamed(connection: sa.Connection, run: str) -> None:
    """Drop the pieces of an answer: it is whole now, or will be asked for again."""
    connection.execute(EVENTS.delete().where((EVENTS.c.run == run) & (EVENTS.c.kind == STREAMED)))


def _keep_texts(connection: sa.Connection, texts: Mapping[str, str]) -> None:
    """Keep texts that are not there yet; in one order everywhere, so that two writers never wait crosswise."""
    if not texts:
        return
    insert_new(connection, TEXTS, [{"sha": sha, "text": texts[sha]} for sha in sorted(texts)])


def _texts(connection: sa.Connection, shas: Iterable[str]) -> dict[str, str]:
    """Texts by their hashes."""
    wanted = sorted(shas)
    found: dict[str, str] = {}
    for start in range(0, len(wanted), 500):
        query = sa.select(TEXTS.c.sha, TEXTS.c.text).where(TEXTS.c.sha.in_(wanted[start : start + 500]))
        found |= {sha: text for sha, text in connection.execute(query)}
    return found


def _shortened(value: Any, texts: dict[str, str]) -> Any:
    """The value with long texts replaced by their hashes; the texts go into `texts`."""
    if isinstance(value, str) and len(value) >= LONG:
        # Without what databases refuse in a text: NUL and lone surrogates.
        text = value.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
        sha = hashlib.sha256(text.encode()).hexdigest()
        texts[sha] = text
        return {KEPT: sha}
    if isinstance(value, Mapping):
        return {key: _shortened(item, texts) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_shortened(item, texts) for item in value]
    return value


def _named(value: Any) -> Iterable[str]:
    """The hashes that a value names."""
    if isinstance(value, dict):
        if set(value) == {KEPT}:
            yield value[KEPT]
        else:
            for item in value.values():
                yield from _named(item)
    elif isinstance(value, list):
        for item in value:
            yield from _named(item)


def _filled(value: Any, texts: Mapping[str, str]) -> Any:
    """The value with its texts again."""
    if isinstance(value, dict):
        if set(value) == {KEPT}:
            return texts.get(value[KEPT], "")
        return {key: _filled(item, texts) for key, item in value.items()}
    return [_filled(item, texts) for item in value] if isinstance(value, list) else value
