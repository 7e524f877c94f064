"""Times that belong together: an end before its start, spans that overlap, what is over, and what is gone."""

from __future__ import annotations

import datetime
import hashlib
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any

from evaluators.probes.invariants_odd import broken
from evaluators.probes.invariants_places import Spot, is_time, spots_of
from evaluators.probes.invariants_profile import (
    Cell,
    Profile,
    changed,
    moves,
    parents,
    profiles,
    set_cell,
    used,
)
from evaluators.probes.proof import flaw
from evaluators.probes.tracing import normal
from evaluators.probes.world import Play, World
from evaluators.rule import Flaw
from evaluators.service.inserting import quoted
from evaluators.service.oracle import Row
from evaluators.service.request import Request, leaves
from evaluators.service.step import Step
from evaluators.service.values import labels_of

START = re.compile(r"(^|_)(start|starts|begin|begins|from|since|opens|check_?in|departs?|valid_from)(_|$)")
END = re.compile(r"(^|_)(end|ends|until|till|to|finish|finishes|closes|check_?out|returns?|valid_to|arrives?)(_|$)")
OVER = re.compile(r"expir|valid_(until|till|to)|(^|_)(until|till|deadline|not_after|lapses_at)$")
LOCKED = re.compile(r"lock|block|suspend|ban|mute|throttl|retry|embargo")
"""What is good to be over."""
CHOICES = 4
"""Values of a choice that are tried."""
LONG = 16
"""Characters of a text that nobody guesses."""
PAST = "2024-01-05T12:00:00Z"
EARLIER = "2023-01-05T12:00:00Z"
TERMS = "terms_given"
"""What was found out is noted in the world under this name."""
AHEAD = 30
"""Seconds that a time must lie ahead to be an end."""
MINUTES = 5
"""How long something is over that was over just now."""


def snake(name: str) -> str:
    """`startsAt` -> `starts_at`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


async def ends_first(world: World) -> AsyncIterator[Flaw]:
    """Spans whose end comes before their start."""
    for symbol, play in sorted(world.plays.items()):
        for start, end in _spans(world, play):
            request = _backwards(start, end)
            if request is None:
                continue
            step = await world.once(request)
            row = _row_with(step, start, end)
            wrong = row is not None and _later(row[_column(start)], row[_column(end)])
            if (step.ok and wrong) or broken(step):
                does = "breaks at" if broken(step) else "accepts"
                yield flaw(world, [step], f"{symbol} {does} an end before the start.")
                break


def _spans(world: World, play: Play) -> Iterator[tuple[Spot, Spot]]:
    """(start, end): two times of a request that go to columns of one table, by their names or by a CHECK."""
    found = [each for each in spots_of(play) if is_time(each) and each.cell is not None]
    for start in found:
        for end in found:
            if start is end or start.cell is None or end.cell is None or start.cell[0] != end.cell[0]:
                continue
            table = world.seeds.table(start.cell[0])
            first, last = start.cell[1], end.cell[1]
            checks = [each.text for each in table.checks] if table else []
            ruled = any(
                re.search(rf"\b{last}\b\)?\s*>=?\s*\(?{first}\b|\b{first}\b\)?\s*<=?\s*\(?{last}\b", text)
                for text in checks
            )
            if ruled or (START.search(snake(start.name)) and END.search(snake(end.name))):
                yield start, end


def _backwards(start: Spot, end: Spot) -> Request | None:
    if normal(start.value) == normal(end.value):
        return None
    first, last = sorted((start.value, end.value), key=lambda value: str(normal(value)))
    return start.play.request.having(start.place, last).having(end.place, first)


def _column(spot: Spot) -> str:
    return spot.cell[1] if spot.cell else ""


def _row_with(step: Step, start: Spot, end: Spot) -> Row | None:
    table = start.cell[0] if start.cell else ""
    rows = [*step.changes.rows_added(table), *(each.after for each in step.changes.updated if each.table == table)]
    return rows[0] if len(rows) == 1 and {_column(start), _column(end)} <= rows[0].keys() else None


def _later(one: Any, other: Any) -> bool:
    first, second = normal(one), normal(other)
    return type(first) is type(second) and first > second


async def overlaps(world: World) -> AsyncIterator[Flaw]:
    """Spans that overlap one that is there, where the very same span is refused."""
    for profile in await profiles(world):
        if not profile.once or profile.second.status not in (409, 422):
            continue
        found = _span_of(profile)
        if found is None:
            continue
        spots, length = found
        # A span that only touches must be free, or something else refuses the repetition.
        touching, halfway = (_shifted(profile, spots, part) for part in (length * 2, length / 2))
        async with world.scene() as scene:
            first = await scene.send(profile.fresh(11))
            if not first.ok or not (await scene.send(touching)).ok:
                continue
        async with world.scene() as scene:
            first = await scene.send(profile.fresh(11))
            second = await scene.send(halfway)
        if second.ok and second.changes.added:
            message = f"{profile.symbol} refuses the same span twice and accepts one that overlaps it."
            yield flaw(world, [first, second], message, hint="An exclusion constraint over the range holds it.")


def _span_of(profile: Profile) -> tuple[list[Spot], datetime.timedelta] | None:
    """The times of a request that a row's span is made of, and how long the span is."""
    found = [each for each in spots_of(profile.play) if is_time(each) and each.cell is not None]
    if not found or found[0].cell is None:
        return None
    table = found[0].cell[0]
    rows = profile.first.changes.rows_added(table)
    if len(rows) != 1:
        return None
    times = sorted({value for name, value in rows[0].items() if _moment(value) and not re.search("creat|updat", name)})
    moments = sorted({_moment(value) for value in times} - {None}, key=str)
    if len(moments) != 2 or moments[0] is None or moments[1] is None:
        return None
    length = moments[1] - moments[0]
    return (found, length) if datetime.timedelta(0) < length <= datetime.timedelta(days=60) else None


def _moment(value: Any) -> datetime.datetime | None:
    try:
        found = datetime.datetime.fromisoformat(str(value)) if isinstance(value, str) and len(value) >= 16 else None
    except ValueError:
        return None
    return found if found is None or found.tzinfo else found.replace(tzinfo=datetime.UTC)


def _shifted(profile: Profile, spots: list[Spot], by: datetime.timedelta) -> Request:
    request = profile.fresh(12)
    for spot in spots:
        moment = _moment(str(spot.value).replace("Z", "+00:00"))
        if moment is not None:
            request = request.having(spot.place, (moment + by).isoformat().replace("+00:00", "Z"))
    return request


async def expired_work(world: World) -> AsyncIterator[Flaw]:
    """What is over and still opens something: a link, a token, a reservation."""
    for symbol, play in sorted(world.plays.items()):
        if not play.repeats or play.operation.method == "DELETE":
            continue
        for cell, row in _ends(world, play):
            for past, what in _pasts():
                found = await _after(world, play, cell, row, past)
                if found is not None:
                    yield flaw(
                        world, [found], f"{symbol} still works for a row of {cell[0]} whose {cell[2]} is past.",
                        seen=f"{cell[0]}.{cell[2]} was set to {what} before.",
                    )  # fmt: skip
                    break
            if found is not None:
                break
    async for each in _links(world):
        yield each


def _pasts() -> Iterator[tuple[str, str]]:
    """Long ago; and some minutes ago, which a comparison of days or in another zone takes for now."""
    yield PAST, PAST
    now = datetime.datetime.now(datetime.UTC)
    yield (now - datetime.timedelta(minutes=MINUTES)).strftime("%Y-%m-%dT%H:%M:%SZ"), f"{MINUTES} minutes ago"


async def _after(world: World, play: Play, cell: Cell, row: Row, past: str) -> Step | None:
    """The request, or one that chooses otherwise, that works after the time is past, and should not."""
    for each in [play, *[other async for other in _chosen(world, play)]]:
        if not _must_hold(world, each, cell, row):
            continue
        async with world.scene() as scene:
            # A CHECK may want the end after the beginning.
            if not (await set_cell(scene, cell, past) or await set_cell(scene, cell, past, _earlier(row, cell))):
                return None
            step = await scene.send(each.request)
        if step.ok and step.changes.tables >= each.changes.tables:
            return step
    return None


def _earlier(row: Row, cell: Cell) -> dict[str, str]:
    """The row's other times, before the past."""
    return {name: EARLIER for name, value in row.items() if name != cell[2] and _moment(value) is not None}


async def _links(world: World) -> AsyncIterator[Flaw]:
    """What anybody opens by a secret that no row shows: its row is found by taking all of a table away."""
    for symbol, play in sorted(world.plays.items()):
        secret = any(len(text) >= LONG for text in _texts(play))
        if play.request.who is not None or play.operation.secured or not secret or any(_ends(world, play)):
            continue
        for table in world.seeds.tables:
            name = next((each.name for each in table.columns if _is_end(world, table.name, each.name)), "")
            if not name or not world.sealed.get(table.name):
                continue
            async with world.scene() as scene:
                gone = await changed(scene, f"DELETE FROM {quoted(table.name)}")  # noqa: S608 - quoted
                without = await scene.send(play.request) if gone else None
            if without is None or not without.refused:
                continue
            for past, what in _pasts():
                async with world.scene() as scene:
                    times = {name: past, **_earlier(world.sealed[table.name][0], (table.name, (), name))}
                    given = ", ".join(f"{quoted(each)} = ?" for each in times)
                    text = f"UPDATE {quoted(table.name)} SET {given}"  # noqa: S608 - quoted
                    over = await changed(scene, text, *times.values())
                    step = await scene.send(play.request) if over else None
                if step is not None and step.ok:
                    message = f"{symbol} still works for a row of {table.name} whose {name} is past."
                    yield flaw(world, [step], message, seen=f"{table.name}.{name} was set to {what} before.")
                    return


async def _chosen(world: World, play: Play) -> AsyncIterator[Play]:
    """The same request with another choice where it has one, as far as it works."""
    for spot in spots_of(play):
        for value in (spot.kind.enum or ())[:CHOICES]:
            if value != spot.value:
                step = await world.once(spot.with_(value))
                if step.ok:
                    yield replace(play, request=step.request, step=step)


def _ends(world: World, play: Play) -> Iterator[tuple[Cell, Row]]:
    """Times to come after which something is over, of the rows that a request names."""
    named = _given(play)
    rows = used(world, play)
    now = datetime.datetime.now(datetime.UTC)
    for table in world.seeds.tables:
        names = [each.name for each in table.columns if _is_end(world, table.name, each.name)]
        if not names or len(table.key) != 1:
            continue
        for row in world.sealed.get(table.name, ()):
            secret = any(len(told(value)) >= LONG and told(value) in named for value in row.values())
            if not secret and (table.name, str(row.get(table.key[0]))) not in rows:
                continue
            for name in names:
                moment = _moment(row.get(name))
                if moment is not None and moment > now:
                    yield (table.name, world.keys.of(table.name, row), name), row


def _is_end(world: World, table: str, name: str) -> bool:
    """Whether something is over after the time in a column, and not an obstacle: by its name, or by who set it."""
    named = OVER.search(snake(name)) is not None or (table, name) in _terms(world)
    return named and LOCKED.search(snake(name)) is None


def _terms(world: World) -> set[tuple[str, str]]:
    """(table, column) of times to come that the service gave to new rows, while no request said any time."""
    known: set[tuple[str, str]] | None = vars(world).get(TERMS)
    if known is None:
        soon = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=AHEAD)
        known = set()
        for play in world.plays.values():
            body = leaves(play.request.body) if isinstance(play.request.body, dict) else []
            if any(_moment(str(value).replace("Z", "+00:00")) is not None for _, value in body):
                continue
            rows = ((table, name, _moment(value)) for table, row in play.changes.added for name, value in row.items())
            known |= {(table, name) for table, name, moment in rows if moment is not None and moment > soon}
        vars(world)[TERMS] = known
    return known


def _texts(play: Play) -> set[str]:
    """The texts of a path, a query and a body; no address, and no password."""
    body = leaves(play.request.body) if isinstance(play.request.body, dict) else []
    held = [value for place, value in body if isinstance(value, str) and not re.search("passw", str(place[-1]).lower())]
    found = {str(value) for value in [*play.request.path.values(), *play.request.query.values(), *held]}
    return {each for each in found if "@" not in each}


def told(value: Any) -> str:
    """A column's value as a request may hold it; PostgreSQL writes bytes as `\\x...`."""
    return str(value).removeprefix("\\x")


def _given(play: Play) -> set[str]:
    """The texts of a request, and their digests: a link's token is often kept as its digest only."""
    given = _texts(play)
    return given | {hashlib.sha256(each.encode("utf-8", "replace")).hexdigest() for each in given if len(each) >= LONG}


def _must_hold(world: World, play: Play, cell: Cell, row: Row) -> bool:
    """Whether what is over must stop this request: it declares 410, is opened by a secret, or uses the row up."""
    operation = play.operation
    if operation._by_status.get("410") is not None:
        return True
    table = world.seeds.table(cell[0])
    keys = set(table.key) | {name for key in table.foreign_keys for name in key.columns} if table else set()
    secret = {told(value) for name, value in row.items() if name not in keys and len(told(value)) >= LONG}
    if _given(play) & secret:
        return not operation.secured or operation.method != "GET"
    if operation.response("409") is None or play.request.who is None:
        return False
    state = next((c for c in table.columns if labels_of(c, table)), None) if table else None
    made = [new for other in world.plays.values() for t, new in other.changes.added if t == cell[0]]
    first = state is None or any(new.get(state.name) == row.get(state.name) for new in made)
    children = [
        t for t, new in play.changes.added if any(p == cell[0] and r == row for p, r, _ in parents(world, t, new))
    ]
    taken = [each for each in moves(world, play.changes, play) if each.by < 0]
    return first and bool(children or taken)


async def deleted_usable(world: World) -> AsyncIterator[Flaw]:
    """What was deleted, and is read as gone, and still takes part in other requests."""
    for profile in await profiles(world):
        if profile.play.operation.method != "DELETE" or profile.play.subject is None:
            continue
        table, key = profile.play.subject
        if not any(each.table == table for each in profile.first.changes.updated):
            continue
        read = world.plays.get(f"GET {profile.play.operation.path}")
        for symbol, play in sorted(world.plays.items()):
            if read is None or play.operation.method == "GET" or play.operation is profile.play.operation:
                continue
            if (table, str(key)) not in used(world, play) or not play.repeats or not play.changes.added:
                continue
            async with world.scene() as scene:
                gone = await scene.send(profile.fresh(13))
                seen = await scene.send(replace(read.request, path=profile.sent.path))
                step = await scene.send(play.request)
            if gone.ok and seen.status in (404, 410) and step.ok and step.changes.added:
                yield flaw(world, [gone, seen, step], f"{symbol} still takes a row of {table} that was deleted.")
