"""The places of requests that take a text, a number or a time, with what the contract says of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from evaluators.contract.facts import Operation
from evaluators.contract.node import Node
from evaluators.contract.shapes import Facets, facets, flattened, shape_of
from evaluators.probes.invariants_profile import WRITES, key_of
from evaluators.probes.world import Play, World
from evaluators.service.bodies import Place
from evaluators.service.request import Request, leaves
from evaluators.service.step import Step

TIMES = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d\S*)?")


@dataclass(frozen=True)
class Spot:
    """A place of a working request, in its body or its query."""

    play: Play
    place: Place
    """Of the body; `("?", NAME)` of the query."""
    kind: Facets
    value: Any
    """What the working request has there; None: nothing."""
    cell: tuple[str, str] | None = None
    """(table, column) where it is stored as it is."""

    @property
    def name(self) -> str:
        """Its last word."""
        return next((str(part) for part in reversed(self.place) if isinstance(part, str)), "")

    @property
    def in_query(self) -> bool:
        """Whether it is a parameter of the query."""
        return self.place[:1] == ("?",)

    def with_(self, value: Any) -> Request:
        """The working request with another value there."""
        request = self.play.request
        return request.asking(**{self.name: value}) if self.in_query else request.having(self.place, value)

    def stored(self, step: Step) -> Any:
        """What its column holds after a step, in the row that was made or changed; None where there is none."""
        if self.cell is None:
            return None
        table, column = self.cell
        rows = [*step.changes.rows_added(table), *(each.after for each in step.changes.updated if each.table == table)]
        return rows[0].get(column) if len(rows) == 1 else None


async def tried(world: World, spot: Spot, value: Any) -> Step:
    """The request with another value, in a scene of its own; a GET without a look at the rows."""
    request = spot.with_(value)
    if spot.play.operation.method in ("GET", "HEAD"):
        return await world.unlooked(request)
    return await world.once(request)


def spots(world: World, *, query: bool = True) -> Iterator[Spot]:
    """Every place of every working request, the bodies' and the query's, in the order of the operations."""
    for _, play in sorted(world.plays.items()):
        yield from _in_body(play)
        if query:
            yield from _in_query(play)


def spots_of(play: Play) -> list[Spot]:
    """The places of one play's body."""
    return list(_in_body(play))


def _in_body(play: Play) -> Iterator[Spot]:
    request = play.request
    if play.operation.method not in WRITES or not request.is_json or not isinstance(request.body, dict):
        return
    if not play.repeats:
        return
    key = key_of(play)
    for place, value in leaves(request.body):
        if place != key:
            yield Spot(play, place, facets_at(play.operation, place), value, play.columns.get(place))


def _in_query(play: Play) -> Iterator[Spot]:
    if play.operation.method != "GET":
        return
    for parameter in play.operation.parameters_in("query"):
        kind = facets(parameter.schema) if parameter.schema is not None else Facets()
        yield Spot(play, ("?", parameter.name), kind, play.request.query.get(parameter.name))


def facets_at(operation: Operation, place: Place) -> Facets:
    """The bounds that the contract gives a place of the body; none where it does not describe it."""
    node: Node | None = operation.sent
    for part in place:
        if node is None:
            return Facets()
        if isinstance(part, int):
            node = next((item for each in flattened(node)[0] if (item := each.get("items")) is not None), None)
        else:
            found = shape_of(node).property(part)
            node = found.node if found is not None else None
    return facets(node) if node is not None else Facets()


def is_text(spot: Spot) -> bool:
    """Whether a place takes free text: no choice, no format, no pattern, no key of a row."""
    kind = spot.kind
    plain = kind.format in (None, "password") and _free(kind.pattern) and not kind.enum
    if not plain or (kind.types and "string" not in kind.types):
        return False
    if spot.in_query:
        return "string" in kind.types
    return isinstance(spot.value, str) and not TIMES.fullmatch(spot.value)


def _free(pattern: str | None) -> bool:
    """Whether a pattern leaves free text: it only keeps some characters out."""
    try:
        return pattern is None or re.search(pattern, "An example, no. 1 (\u00e4)!") is not None
    except re.error:
        return False


def is_number(spot: Spot) -> bool:
    """Whether a place takes a number."""
    if spot.kind.enum:
        return False
    if spot.in_query:
        return bool(spot.kind.types & {"integer", "number"})
    return isinstance(spot.value, int | float) and not isinstance(spot.value, bool)


def is_time(spot: Spot) -> bool:
    """Whether a place takes a day or a moment."""
    if spot.in_query:
        return spot.kind.format in ("date", "date-time")
    return isinstance(spot.value, str) and TIMES.fullmatch(spot.value) is not None


def is_moment(spot: Spot) -> bool:
    """Whether it is a moment with its time of day."""
    if spot.in_query:
        return spot.kind.format == "date-time"
    return is_time(spot) and len(str(spot.value)) > 10


def in_words(spot: Spot) -> str:
    """`the parameter q`, `the property title`."""
    path = ".".join(str(part) for part in spot.place[1:] if spot.in_query) or ".".join(str(p) for p in spot.place)
    return f"{'the parameter' if spot.in_query else 'the property'} {path}"
