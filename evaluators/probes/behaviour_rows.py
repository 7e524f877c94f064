"""The row that a play is about, before and after; which column a place of its body goes to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from evaluators.probes.atlas import bare, key_of, snake
from evaluators.probes.behaviour_values import VERSION, facets_at, other, same
from evaluators.probes.tracing import normal
from evaluators.probes.versions import counted, is_version
from evaluators.probes.world import Play, World
from evaluators.service.bodies import Place
from evaluators.service.oracle import Row, State
from evaluators.service.request import Request, leaves, plain
from evaluators.service.step import Step

SCALES = (100.0, 1000.0, 0.01, 0.001)
"""Amounts are often held in a smaller unit than they are sent in."""
MOST_PLACES = 8
"""Places of one body that are looked at."""
GUARD = re.compile(r"^if-(match|unmodified-since)$", re.IGNORECASE)


def named_by(world: World, subject: tuple[str, Any] | None, state: State) -> Row | None:
    """The row of a subject in a state, or None."""
    if subject is None:
        return None
    table, key = subject
    wanted = tuple(map(str, key)) if isinstance(key, tuple) else (str(key),)
    names = world.keys.columns.get(table, ())
    for row in state.get(table, ()):
        if names and tuple(str(row.get(name)) for name in names) == wanted:
            return row
    return None


def writing(world: World, *methods: str) -> list[Play]:
    """The plays of these methods that are accepted again and again, in the contract's order."""
    found = (world.plays.get(operation.symbol) for operation in world.operations(*methods))
    return [play for play in found if play is not None and play.repeats and 200 <= play.step.status < 300]


def column_for(world: World, play: Play, place: Place) -> str | None:
    """The column of the subject's table that a place of the body goes to: where it was seen, else of its name."""
    if play.subject is None:
        return None
    table = play.subject[0]
    found = world.seeds.table(table)
    name = snake(str(place[-1]))
    # Equal texts may be sent at two places: the name tells which is which.
    if len(place) == 1 and found is not None and found.column(name) is not None:
        return name
    seen = play.columns.get(place)
    return seen[1] if seen is not None and seen[0] == table else None


def places_of(play: Play) -> Iterator[tuple[Place, Any]]:
    """(place, value) of the scalars of a JSON body that are no versions, arrays left out."""
    if not play.request.is_json or not isinstance(play.request.body, Mapping):
        return
    found = [(place, value) for place, value in leaves(play.request.body) if all(isinstance(p, str) for p in place)]
    for place, value in found[:MOST_PLACES]:
        if value is not None and not is_version(play, place[-1]):
            yield place, value


def others(play: Play, row: Row | None = None, columns: Mapping[Place, str] | None = None) -> dict[Place, Any]:
    """For each place another allowed value: one that the row does not hold yet, where its column is known."""
    found: dict[Place, Any] = {}
    for place, value in places_of(play):
        kind = facets_at(play.operation, place)
        changed = other(kind, str(place[-1]), value)
        held = row.get(columns[place]) if row is not None and columns is not None and place in columns else None
        if changed is not None and held is not None and same(changed, held):
            # The row holds just that: what the play sends is another value then.
            changed = value
        if changed is not None:
            found[place] = changed
    return found


def with_values(request: Request, values: Mapping[Place, Any]) -> Request:
    """The request with these values in its body."""
    for place, value in values.items():
        request = request.having(place, value)
    return request


def arrived(sent: Any, held: Any) -> bool:
    """Whether a column holds what was sent: as it is, in another unit, or in another form of the same text."""
    if same(sent, held):
        return True
    one, two = normal(sent), normal(held)
    if isinstance(one, float) and isinstance(two, float) and not isinstance(sent, bool):
        return any(abs(one * scale - two) < 1e-6 for scale in SCALES)
    if isinstance(held, bool) or isinstance(sent, bool):
        return str(int(bool(sent))) == plain(held) or plain(sent) == plain(held)
    # The last one: texts that are stored as digests, slugs or without marks.
    return isinstance(sent, str) and isinstance(held, str) and bare(sent) == bare(held)


def followed(request: Request, step: Step) -> Request:
    """A request as it must be after `step`: with the version that the answer brought."""
    tag = step.answer.header("etag")
    headers = {name: tag if tag and GUARD.match(name) else value for name, value in request.headers.items()}
    request = replace(request, headers=headers)
    if not isinstance(request.body, Mapping) or not request.is_json:
        return request
    brought = {str(place[-1]): value for place, value in leaves(step.json) if place}
    seen = counted(step)
    for name in request.body:
        if (VERSION.search(name) or bare(name) in seen) and name in brought:
            request = request.having((name,), brought[name])
    return request


def reads(world: World, path: str) -> Play | None:
    """The play that reads that path."""
    return world.plays.get(f"GET {path}")


def reading(world: World, play: Play) -> Request | None:
    """The request that reads what a play's path names, as the same identity."""
    read = world.contract.operation("GET", play.operation.path)
    if read is None:
        return None
    known = world.plays.get(read.symbol)
    base = known.request if known is not None else Request(read)
    return replace(base, who=play.request.who, path=dict(play.request.path), credential=None)


def keyed_by(world: World, table: str) -> str | None:
    """The one column of a table's key."""
    found = world.seeds.table(table)
    return key_of(found) if found is not None else None


def children_of(world: World, table: str) -> list[tuple[str, str, str]]:
    """(table, column, target) of the foreign keys that point to the key of a table; of several columns that one's."""
    name = keyed_by(world, table)
    return [
        (each.name, column, target)
        for each in world.seeds.tables
        for key in each.foreign_keys
        for column, target in zip(key.columns, key.targets, strict=False)
        if key.table == table and target == name
    ]
