"""Sessions, keys and refresh tokens whose end is in a row: the row is made old, and they are used."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from typing import Any

from evaluators.probes.auth_entry import Entry, Renewing, brings_token, entered, giving, readers, renewer, rewritten
from evaluators.probes.auth_survey import same_effect
from evaluators.probes.auth_tokens import decoded
from evaluators.probes.proof import flaw
from evaluators.probes.world import Scene, World
from evaluators.rule import Flaw
from evaluators.service.oracle import Row

STAMP = re.compile(r"\d{4}-\d\d-\d\d(?=[T ]\d\d:\d\d)")
LEAST_AHEAD = 30
"""Seconds that a time must lie ahead to be an end."""
FARTHEST = 400 * 24 * 3600


def ends_in(row: Row, now: float) -> Iterator[tuple[str, Any, bool]]:
    """(column, an old value of the same form, whether the column's time lies ahead) of each time in a row."""
    for column, value in row.items():
        at = _seconds(value)
        if at is None or abs(at - now) > FARTHEST:
            continue
        ahead = at > now + LEAST_AHEAD
        day = "2001-02-01" if ahead else "2001-01-01"
        if isinstance(value, str):
            yield column, STAMP.sub(day, value, count=1), ahead
        else:
            old = datetime.datetime.fromisoformat(f"{day}T00:00:00+00:00").timestamp()
            yield column, type(value)(old), ahead


def _seconds(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float) and 1_500_000_000 < value < 4_000_000_000:
        return float(value)
    if not isinstance(value, str) or not STAMP.match(value):
        return None
    try:
        at = datetime.datetime.fromisoformat(value.replace("Z", "+00:00"))
    except ValueError:
        return None
    return (at if at.tzinfo else at.replace(tzinfo=datetime.UTC)).timestamp()


async def aged(scene: Scene, entry: Entry) -> list[str]:
    """Make what a login wrote old: the columns (`sessions.expires_at`) whose end is over now."""
    found = []
    now = datetime.datetime.now(datetime.UTC).timestamp()
    for step in entry.steps:
        for table, row in step.changes.added:
            times = list(ends_in(row, now))
            key = scene.world.keys.columns.get(table, ())
            if not any(ahead for _, _, ahead in times) or not key:
                continue
            changed = ", ".join(f'"{column}" = ?' for column, _, _ in times)
            where = " AND ".join(f'"{column}" = ?' for column in key)
            statement = f'UPDATE "{table}" SET {changed} WHERE {where}'  # noqa: S608 - the schema's own names
            values = [*(old for _, old, _ in times), *(row[column] for column in key)]
            if await rewritten(scene, statement, *values):
                found += [f"{table}.{column}" for column, _, ahead in times if ahead]
    return found


async def after_their_end(world: World, name: str) -> list[Flaw]:
    """What a login's credential and its refresh token still do when their rows say that they are over."""
    plays = readers(world, name)
    renewing = await renewer(world, name)
    found = []
    async with world.scene() as scene:
        entry = await entered(scene, name)
        columns = await aged(scene, entry) if entry is not None else []
        if entry is None or entry.held is None or not columns or not plays:
            return []
        if decoded(entry.held.value) is None:
            step = await scene.send(entry.sending(plays[0].request))
            if same_effect(plays[0], step):
                text = f"{step.request.symbol} takes a credential whose {columns[0]} is over."
                found.append(flaw(world, [*entry.steps, step], text, hint=HINT, seen=_seen(columns)))
        if renewing is not None:
            late = await _renewed(scene, entry, renewing, columns)
            found += [late] if late is not None else []
    return found


HINT = "Compare its end with the present at each use."


def _seen(columns: list[str]) -> str:
    return f"Between the two, {' and '.join(columns)} of the new row was set to the year 2001."


async def _renewed(scene: Scene, entry: Entry, renewing: Renewing, columns: list[str]) -> Flaw | None:
    operation, place, label = renewing
    tokens = dict(entry.others())
    if label not in tokens or decoded(tokens[label]) is not None:
        return None
    step = await scene.send(giving(scene.world, operation, place, tokens[label]).as_(None))
    if not brings_token(step):
        return None
    text = f"{operation.symbol} takes a refresh token whose {columns[0]} is over."
    return flaw(scene.world, [*entry.steps, step], text, hint=HINT, seen=_seen(columns))
