"""Requests that ought to be refused, each made of one that works by one change; sent once, told by several probes."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from evaluators.contract.facts import Operation, Parameter
from evaluators.contract.shapes import Facets, facets, shape_of
from evaluators.probes.atlas import bare
from evaluators.probes.behaviour_rows import followed, writing
from evaluators.probes.behaviour_values import facets_at
from evaluators.probes.world import Play, World
from evaluators.service.bodies import Place
from evaluators.service.oracle import Changes
from evaluators.service.request import ABSENT, Request, leaves, plain
from evaluators.service.step import Step

MEMO = "behaviour_refusals"
AGAIN, POINTS, PARENT, STRANGER, ITEM = "again", "points", "parent", "stranger", "item"
NO_UUID = "0badc0de-0000-4000-8000-00000000dead"
NO_NUMBER = 987_654_321
MOST_REFERENCES = 6
"""References of one body that are exchanged."""
NAMED = re.compile(r"(_?ids?|Ids?|_?refs?|_?keys?)$")
"""Names of properties that point to something."""


@dataclass(frozen=True)
class Trial:
    """One change of a working request, and what came of it."""

    kind: str
    play: Play
    steps: tuple[Step, ...]
    place: Place = ()
    points: tuple[str, str] = ("", "")
    """Of a reference: the column that it goes to, as (table, column)."""

    @property
    def last(self) -> Step:
        """The changed request."""
        return self.steps[-1]


async def refusals(world: World) -> list[Trial]:
    """What came of all changes; sent once a world."""
    known = vars(world).get(MEMO)
    if not isinstance(known, list):
        known = [trial async for trial in _trials(world)]
        vars(world)[MEMO] = known
    return known


async def _trials(world: World) -> AsyncIterator[Trial]:
    for play in writing(world, "POST", "PUT", "PATCH", "DELETE"):
        async for trial in _of(world, play):
            yield trial
    for operation in world.operations("GET"):
        read = world.plays.get(operation.symbol)
        if read is None or not read.step.ok:
            continue
        for nowhere in _nowhere(read):
            yield Trial(PARENT, read, (await world.once(nowhere),))
        for name, value in _asked(world, read):
            yield Trial(POINTS, read, (await world.once(read.request.asking(**{name: value})),), (name,))


async def _of(world: World, play: Play) -> AsyncIterator[Trial]:
    """The changes of one request."""
    async with world.scene() as scene:
        one = await scene.send(play.request)
        if one.ok and one.changes:
            # An idempotency key is another request's by design: the second one is to be new.
            two = await scene.send(_fresh(followed(play.request, one)))
            yield Trial(AGAIN, play, (one, two))
    for place, cell, value in _references(world, play):
        yield Trial(POINTS, play, (await world.once(play.request.having(place, value)),), place, cell)
    for nowhere in _nowhere(play):
        yield Trial(PARENT, play, (await world.once(nowhere),))
    if play.request.who in world.crew.ordinary and len(world.crew.ordinary) > 1 and play.request.path:
        other = next(name for name in world.crew.ordinary if name != play.request.who)
        yield Trial(STRANGER, play, (await world.once(play.request.as_(other)),))
    for place, value in _bad_items(play):
        yield Trial(ITEM, play, (await world.once(play.request.having(place, value)),), place)


def _fresh(request: Request) -> Request:
    """With another idempotency key, where there is one."""
    headers = {
        name: f"{value[:-1]}{'1' if value[-1:] != '1' else '2'}" if "idempot" in name.lower() else value
        for name, value in request.headers.items()
    }
    return replace(request, headers=headers)


def _references(world: World, play: Play) -> list[tuple[Place, tuple[str, str], Any]]:
    """(place, column, value) of each place of the body that goes to a foreign key, with a key of nothing.

    Told by where the value was seen, else by the name; what the play leaves out is tried too.
    """
    if not isinstance(play.request.body, Mapping) or not play.request.is_json:
        return []
    tables = {play.subject[0] if play.subject else "", *play.changes.tables}
    pointing = {
        bare(name): (table.name, name)
        for table in world.seeds.tables
        if table.name in tables
        for key in table.foreign_keys
        for name in key.columns
    }
    found: dict[Place, tuple[tuple[str, str], Any]] = {}
    for place, value in [*leaves(play.request.body), *_left_out(world, play, pointing)]:
        name = next((part for part in reversed(place) if isinstance(part, str)), "")
        seen = play.columns.get(place, ("", ""))
        by_name = pointing.get(bare(name)) or pointing.get(bare(name.removesuffix("s")))
        cell = seen if seen in pointing.values() else by_name
        nothing = _nothing(value, facets_at(play.operation, place))
        if nothing is not None and (cell is not None or (NAMED.search(name) and not isinstance(value, str))):
            found[place] = (cell or ("", ""), nothing)
    return [(place, cell, nothing) for place, (cell, nothing) in list(found.items())[:MOST_REFERENCES]]


def _left_out(world: World, play: Play, pointing: Mapping[str, tuple[str, str]]) -> list[tuple[Place, Any]]:
    """(place, key of a row) of references that the play leaves out, or sends as null."""
    found: list[tuple[Place, Any]] = []
    for each in shape_of(play.operation.sent).properties if play.operation.sent is not None else ():
        cell = pointing.get(bare(each.name))
        if play.request.body.get(each.name) is not None or cell is None or each.facets.read_only:
            continue
        table = world.seeds.table(cell[0])
        key = next((key for key in table.foreign_keys if cell[1] in key.columns), None) if table is not None else None
        target = key.targets[key.columns.index(cell[1])] if key is not None else ""
        rows = world.watch.now.get(key.table, ()) if key is not None else ()
        found += [((each.name,), row[target]) for row in rows[:1] if row.get(target) is not None]
    return found


def _asked(world: World, play: Play) -> list[tuple[str, Any]]:
    """(parameter, value) of the filters of a list that are a column with a foreign key, with a key of nothing."""
    columns = {
        bare(name): key.targets[place]
        for table in world.seeds.tables
        for key in table.foreign_keys
        for place, name in enumerate(key.columns)
    }
    found = []
    for each in play.operation.parameters_in("query"):
        if bare(each.name) not in columns or each.schema is None:
            continue
        kind = facets(each.schema)
        value = 1 if "integer" in kind.types else NO_UUID if kind.format == "uuid" else None
        nothing = _nothing(value, kind) if value is not None else None
        if nothing is not None:
            found.append((each.name, nothing))
    return found


def _nothing(value: Any, kind: Facets | None = None) -> Any:
    """A key of the same form that names nothing."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int):
        top = kind.maximum if kind is not None else None
        return NO_NUMBER if top is None or top >= NO_NUMBER else int(top)
    text = str(value)
    if re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", text):
        return NO_UUID
    if re.fullmatch(r"\d{1,12}", text):
        return str(NO_NUMBER)
    if re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{26}", text):
        return text[:10] + "ZZZZZZZZZZZZZZZZ"
    return None


def _nowhere(play: Play) -> list[Request]:
    """The request under paths of which one place names nothing."""
    found = []
    for name, value in reversed(list(play.request.path.items())):
        nothing = _nothing(value)
        if nothing is not None:
            found.append(play.request.at(**{name: nothing}))
    return found


def _bad_items(play: Play) -> list[tuple[Place, Any]]:
    """(place, value) of a list of objects with a second element that names nothing."""
    body = play.request.body
    for name, value in body.items() if isinstance(body, Mapping) else ():
        if not isinstance(value, list) or not value or not isinstance(value[0], dict):
            continue
        item = dict(value[0])
        for key, each in item.items():
            nothing = _nothing(each) if re.search(r"id$|ref$|key$", key, re.IGNORECASE) else None
            if nothing is not None:
                return [((name, len(value)), {**item, key: nothing})]
    return []


def crashed(step: Step) -> bool:
    """Whether the service failed; 503 and 501 are said on purpose."""
    return step.status >= 500 and step.status not in (501, 503)


async def odd_ids(world: World, operation: Operation, request: Request) -> list[Step]:
    """Requests whose path holds ids that nothing has, all at once; their answers."""
    found = []
    for parameter in operation.parameters_in("path"):
        found += [request.at(**{parameter.name: value}) for value in _odd(parameter, request)]
    answers = await asyncio.gather(*(world.ask(each) for each in found))
    return [Step(each, answer, Changes()) for each, answer in zip(found, answers, strict=True)]


def _odd(parameter: Parameter, request: Request) -> list[str]:
    """Ids at the edges of what a database holds, and of wrong forms."""
    kind = facets(parameter.schema) if parameter.schema is not None else None
    value = plain(request.path.get(parameter.name, ""))
    numbers = ["-1", str(2**31), str(2**63)]
    if (kind is not None and "integer" in kind.types) or value.isdigit():
        return [*numbers, "abc"]
    return ["0", str(2**64), "0" * 300]


def bodies_broken(request: Request) -> list[Request]:
    """The request with bodies that are no JSON, or JSON of another kind."""
    if not request.is_json or request.body is ABSENT:
        return []
    whole = request.content or b"{}"
    media = request.media
    return [
        replace(request, body=whole[:-1], media=media),
        replace(request, body=b"[]", media=media),
        replace(request, body=whole, media="application/x-unheard-of"),
    ]
