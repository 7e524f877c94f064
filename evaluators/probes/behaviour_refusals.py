"""Requests that ought to be refused, each made of one that works by one change; sent once, told by several probes."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from evaluators.contract.facts import Operation, Parameter
from evaluators.contract.shapes import facets
from evaluators.probes.behaviour_rows import followed, places_of, writing
from evaluators.probes.behaviour_values import VERSION, facets_at, long_text, plain_text
from evaluators.probes.world import Play, World
from evaluators.service.bodies import Place
from evaluators.service.oracle import Changes
from evaluators.service.request import ABSENT, Request, leaves, plain
from evaluators.service.step import Step

MEMO = "behaviour_refusals"
AGAIN, POINTS, PARENT, STRANGER, LONG, ITEM = "again", "points", "parent", "stranger", "long", "item"
NO_UUID = "0badc0de-0000-4000-8000-00000000dead"
NO_NUMBER = 987_654_321
MOST_LONG = 2
"""Texts of one body that are sent at their full length."""
LONGEST = 20_000
"""Characters of the longest text that is sent."""


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
    nowhere = _nowhere(world, play)
    if nowhere is not None:
        yield Trial(PARENT, play, (await world.once(nowhere),))
    if play.request.who in world.crew.ordinary and len(world.crew.ordinary) > 1 and play.request.path:
        other = next(name for name in world.crew.ordinary if name != play.request.who)
        yield Trial(STRANGER, play, (await world.once(play.request.as_(other)),))
    for place, text in _long(play):
        yield Trial(LONG, play, (await world.once(play.request.having(place, text)),), place)
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
    """(place, column, value) of each place of the body that goes to a foreign key, with a key of nothing."""
    found = []
    for place, value in leaves(play.request.body) if isinstance(play.request.body, dict) else ():
        table, column = play.columns.get(place, ("", ""))
        known = world.seeds.table(table)
        if known is None or not any(key.columns == (column,) for key in known.foreign_keys):
            continue
        nothing = _nothing(value)
        if nothing is not None:
            found.append((place, (table, column), nothing))
    return found[:3]


def _nothing(value: Any) -> Any:
    """A key of the same form that names nothing."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return NO_NUMBER
    text = str(value)
    if re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", text):
        return NO_UUID
    if re.fullmatch(r"\d{1,12}", text):
        return str(NO_NUMBER)
    if re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{26}", text):
        return text[:10] + "ZZZZZZZZZZZZZZZZ"
    return None


def _nowhere(world: World, play: Play) -> Request | None:
    """The request under a path that names nothing."""
    if not play.request.path:
        return None
    name = list(play.request.path)[-1]
    nothing = _nothing(play.request.path[name])
    return play.request.at(**{name: nothing}) if nothing is not None else None


def _long(play: Play) -> list[tuple[Place, str]]:
    """(place, text) of texts whose length the contract bounds, exactly so long."""
    found = []
    for place, value in places_of(play):
        kind = facets_at(play.operation, place)
        free = isinstance(value, str) and plain_text(kind, str(place[-1])) and not VERSION.search(str(place[-1]))
        if free and kind.max_length and kind.max_length <= LONGEST:
            found.append((place, long_text(kind.max_length)))
    return found[:MOST_LONG]


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
