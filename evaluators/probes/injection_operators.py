"""Operators of document databases in a value's place: `{"$ne": ""}` fits every text that is compared with it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace
from typing import Any

from evaluators.contract.shapes import facets
from evaluators.probes.auth_survey import same_effect
from evaluators.probes.world import Play, World
from evaluators.service.request import ABSENT, Request, leaves
from evaluators.service.step import Step

OPERATORS: tuple[tuple[str, str], ...] = (("$ne", ""), ("$gt", ""), ("$regex", ".*"))
NONE = "backwright-no-such-operator"
WRONG = "backwright-fits-nothing"
PLACES = 5
"""Texts of one request that are tried."""
MOST = 150
"""Requests of all."""


@dataclass(frozen=True)
class Spot:
    """A text of a working request."""

    play: Play
    told: str
    place: tuple[str | int, ...] | None = None
    """Of the body; None: a parameter of the query."""

    def text(self, value: str) -> Request:
        """The request with another text."""
        request = self.play.request
        return request.having(self.place, value) if self.place is not None else request.asking(**{self.told: value})

    def operator(self, name: str, value: str) -> Request:
        """The request with an operator: an object in a body, `name[$ne]=` in a query."""
        request = self.play.request
        if self.place is not None:
            return request.having(self.place, {name: value})
        return request.asking(**{self.told: ABSENT, f"{self.told}[{name}]": value})


@dataclass(frozen=True)
class Taken:
    """An operator that was carried out."""

    spot: Spot
    operator: str
    wrong: Step
    """What a text that fits nothing is answered."""
    step: Step


async def operators(world: World) -> AsyncIterator[Taken]:
    """Operators that do what the right text does, where a wrong text and an object of another kind do not."""
    sent = world.sent
    told: set[str] = set()
    for spot in _spots(world):
        if spot.play.operation.symbol in told:
            continue
        for name, value in OPERATORS if world.sent - sent < MOST else ():
            step = await world.once(spot.operator(name, value))
            if step.status in (400, 415, 422):
                break
            if not same_effect(spot.play, step):
                continue
            wrong = await world.once(spot.text(_wrong(spot)))
            other = await world.once(spot.operator(NONE, value))
            if not same_effect(spot.play, wrong) and not same_effect(spot.play, other):
                told.add(spot.play.operation.symbol)
                yield Taken(spot, name, wrong, replace(step, log=""))
            break


def _wrong(spot: Spot) -> str:
    """A text that fits nothing, no longer than the right one."""
    if spot.place is None:
        return WRONG
    return WRONG[: max(1, len(str(dict(leaves(spot.play.request.body))[spot.place])))]


def _spots(world: World) -> Iterator[Spot]:
    """Texts of bodies, of what asks nobody who it is first; then those of queries."""
    plays = [play for _, play in sorted(world.plays.items()) if play.step.ok and play.repeats]
    plays.sort(key=lambda play: (play.operation.secured, play.operation.method != "POST"))
    for play in plays:
        body: Any = play.request.body
        texts = [place for place, value in leaves(body) if isinstance(value, str) and place]
        for place in texts[:PLACES] if isinstance(body, dict) and play.request.is_json else ():
            yield Spot(play, ".".join(map(str, place)), place)
    for play in plays:
        for parameter in play.operation.parameters_in("query")[:PLACES] if play.operation.method == "GET" else ():
            kind = facets(parameter.schema) if parameter.schema is not None else None
            if kind is not None and "string" in kind.types and not kind.enum and not kind.format:
                yield Spot(play, parameter.name)
